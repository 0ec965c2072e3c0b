import type { Transport } from "../transport/transport.ts";
import { type FrameHeader, headerBytes, protocolVersion, writeFrame } from "./frame.ts";
import { XdrWriter } from "./xdr.ts";

type Header = Omit<FrameHeader, "version">;

const keptBytes = 1 << 20;

/**
 * Sends frames. Those written within one turn of the microtask queue leave in one write, unless the transport
 * forbids it: then each is a write of its own, begun when the one before has been handed over.
 */
export class Outbox {
  readonly #transport: Transport;
  #writer = new XdrWriter();
  #flushing = false;
  #frames: Buffer[] = [];
  #sending = false;
  #waiters: (() => void)[] = [];

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.stream.on("drain", () => this.release());
  }

  /** Sends a frame. Throws what `writeBody` throws, having sent nothing. */
  send(header: Header, writeBody?: (writer: XdrWriter) => void): void {
    const start = this.#writer.length;
    writeFrame(this.#writer, header, writeBody);
    if (this.#transport.coalesce) {
      this.#scheduleFlush();
    } else {
      this.#enqueue(this.#writer.copy(start));
      this.#writer.truncate(start);
    }
  }

  /** Sends a frame whose payload is these bytes. */
  sendData(header: Header, payload: Uint8Array): void {
    const frame = Buffer.allocUnsafe(headerBytes + payload.length);
    frame.writeUInt32BE(frame.length, 0);
    frame.writeUInt32BE(header.program, 4);
    frame.writeUInt32BE(protocolVersion, 8);
    frame.writeInt32BE(header.procedure, 12);
    frame.writeInt32BE(header.type, 16);
    frame.writeUInt32BE(header.serial, 20);
    frame.writeInt32BE(header.status, 24);
    frame.set(payload, headerBytes);
    if (this.#transport.coalesce) {
      this.#flush();
      this.#transport.stream.write(frame);
    } else {
      this.#enqueue(frame);
    }
  }

  /** Resolves when more may be sent without piling up; also when the connection ends. */
  drained(): Promise<void> {
    const { stream } = this.#transport;
    if (!stream.writable || (!stream.writableNeedDrain && !this.#sending)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }

  /** Lets everyone go who waits in `drained`. */
  release(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  #scheduleFlush(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#writer.length === 0) return;
    this.#transport.stream.write(this.#writer.copy());
    if (this.#writer.length > keptBytes) this.#writer = new XdrWriter();
    else this.#writer.truncate(0);
  }

  #enqueue(frame: Buffer): void {
    this.#frames.push(frame);
    if (!this.#sending) this.#sendNext();
  }

  #sendNext(): void {
    const frame = this.#frames.shift();
    this.#sending = frame !== undefined;
    if (frame === undefined) this.release();
    else this.#transport.stream.write(frame, () => this.#sendNext());
  }
}
