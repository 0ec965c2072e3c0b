import { type Duplex, duplexPair } from "node:stream";
import {
  type Frame,
  FrameSplitter,
  messageStatus,
  messageType,
  program,
  writeFrame,
} from "../drivers/libvirt/rpc/frame.ts";
import { XdrReader, XdrWriter } from "../drivers/libvirt/rpc/xdr.ts";
import type { Transport } from "../drivers/libvirt/transport/transport.ts";

/** What a call asked for, and where the answer goes. */
export type ReceivedFrame = Frame & { readonly payload: XdrReader };

/** The daemon's end of a connection, in the hands of a test: it does nothing by itself. */
export class FakeLibvirtd {
  /** Give this to the client. */
  readonly transport: Transport;
  /** Every frame received, in order. */
  readonly received: ReceivedFrame[] = [];
  /** How many frames each chunk held that came in. */
  readonly framesPerChunk: number[] = [];
  readonly #socket: Duplex;

  constructor(options: { coalesce?: boolean; negotiateKeepalive?: boolean } = {}) {
    const [client, server] = duplexPair();
    this.#socket = server;
    this.transport = {
      stream: client,
      coalesce: options.coalesce ?? true,
      negotiateKeepalive: options.negotiateKeepalive ?? false,
      label: "fake",
    };
    const splitter = new FrameSplitter();
    server.on("data", (chunk: Buffer) => {
      const before = this.received.length;
      splitter.push(chunk, (frame) => {
        this.received.push({ ...frame, payload: new XdrReader(frame.bytes, frame.start, frame.end) });
      });
      this.framesPerChunk.push(this.received.length - before);
    });
    server.on("error", () => undefined);
  }

  /** Received calls, without pings and stream packets. */
  get calls(): readonly ReceivedFrame[] {
    return this.received.filter(
      (frame) => frame.program === program.remote && frame.type === messageType.call,
    );
  }

  /** Answers a call. */
  reply(to: Pick<Frame, "procedure" | "serial">, writeBody?: (writer: XdrWriter) => void): void {
    this.send(this.frame({ ...to, type: messageType.reply, status: messageStatus.ok }, writeBody));
  }

  /** Refuses a call. */
  refuse(to: Pick<Frame, "procedure" | "serial">, code: number, message: string): void {
    const header = { ...to, type: messageType.reply, status: messageStatus.error };
    this.send(this.frame(header, (writer) => writeError(writer, code, message)));
  }

  /** A frame's bytes, of the remote program unless told. */
  frame(
    header: { procedure: number; serial: number; type: number; status: number; program?: number },
    writeBody?: (writer: XdrWriter) => void,
  ): Buffer {
    const writer = new XdrWriter();
    writeFrame(writer, { program: program.remote, ...header }, writeBody);
    return writer.copy();
  }

  /** Sends bytes as they are, in one chunk. */
  send(...bytes: readonly Uint8Array[]): void {
    this.#socket.write(Buffer.concat(bytes));
  }

  /** The daemon closes the connection. */
  close(): void {
    this.#socket.end();
  }
}

/** Appends an error structure with everything but code and message left empty. */
export function writeError(writer: XdrWriter, code: number, message: string): void {
  writer.int(code);
  writer.int(7);
  writer.uint(1);
  writer.string(message);
  writer.int(2);
  for (let empty = 0; empty < 4; empty++) writer.uint(0);
  writer.int(-1);
  writer.int(-1);
  writer.uint(0);
}
