import { StatusError } from "../../../runtime/errors.ts";

/** What a stream may do with the connection it lives on. */
export interface StreamPort {
  readonly name: string;
  sendData(payload: Uint8Array): void;
  sendEnd(): void;
  sendAbort(): void;
  /** Resolves when more may be sent. */
  drained(): Promise<void>;
  /** Stops or resumes reading from the socket: of everything on the connection. */
  pause(paused: boolean): void;
  /** No packet for this stream is of interest any more. */
  forget(): void;
}

/** The daemon sends packets of this size, and takes them from us. */
export const maxPacketBytes = 262_120;

const maxWaitingBytes = 4 * maxPacketBytes;

/**
 * Bytes to and from the daemon beside the calls. While its reader lags, the whole connection is not read, and
 * its packets use the daemon's places for calls: a stream deserves a connection of its own. Every wait ends
 * with an error when the connection does, when the daemon reports one, or when the signal aborts.
 */
export class RpcStream {
  readonly #port: StreamPort;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #state: "open" | "eof" | "closed" = "open";
  #error: Error | undefined;
  readonly #watchers = new Set<() => void>();
  readonly #stopListening: () => void;

  constructor(port: StreamPort, signal?: AbortSignal) {
    this.#port = port;
    const onAbort = (): void => this.#onAbort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#stopListening = () => signal?.removeEventListener("abort", onAbort);
  }

  /** Called by the connection: the daemon sent bytes; none mean the end. */
  receive(payload: Buffer): void {
    if (this.#state !== "open") return;
    if (payload.length === 0) this.#state = "eof";
    else this.#waiting.push(payload);
    this.#waitingBytes += payload.length;
    if (this.#waitingBytes > maxWaitingBytes) this.#port.pause(true);
    this.#wake();
  }

  /** Called by the connection: the daemon confirmed the end. */
  confirm(): void {
    this.#close();
  }

  /** Called by the connection: nothing more will come. The first error counts. */
  fail(error: Error): void {
    if (this.#state === "closed") return;
    this.#error = error;
    this.#close();
  }

  /** What the daemon sends, to its end. Leaving the loop early aborts the stream. */
  async *read(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (;;) {
        const chunk = this.#waiting.shift();
        if (chunk !== undefined) {
          this.#taken(chunk.length);
          yield chunk;
        } else if (this.#state === "open") {
          await this.#changed();
        } else {
          break;
        }
      }
      if (this.#state === "eof") await this.finish();
      else this.#check();
    } finally {
      this.abort();
    }
  }

  /** Sends bytes; resolves when more may follow. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let start = 0; start < bytes.length; start += maxPacketBytes) {
      this.#check();
      this.#port.sendData(bytes.subarray(start, start + maxPacketBytes));
      await this.orFail(this.#port.drained());
    }
  }

  /** Says that all is sent, and waits until the daemon has taken it in. */
  async finish(): Promise<void> {
    this.#check();
    this.#port.sendEnd();
    while (this.#state !== "closed") await this.#changed();
    if (this.#error) throw this.#error;
  }

  /** Gives the stream up; nothing happens when it is over already. */
  abort(): void {
    if (this.#state === "closed") return;
    this.#port.sendAbort();
    this.fail(new StatusError("OutcomeUnknown", `${this.#port.name}: the stream was aborted`));
  }

  /** Settles as `work` does, or rejects as soon as the stream fails. */
  orFail<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const onChange = (): void => {
        if (this.#error) reject(this.#error);
      };
      this.#watchers.add(onChange);
      onChange();
      work.then(resolve, reject).finally(() => this.#watchers.delete(onChange));
    });
  }

  #onAbort(reason: unknown): void {
    if (this.#state === "closed") return;
    this.#port.sendAbort();
    const message = `${this.#port.name}: the stream was given up before its end`;
    this.fail(new StatusError("OutcomeUnknown", message, { cause: reason }));
  }

  #close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#stopListening();
    if (this.#error) this.#waiting.length = 0;
    this.#port.forget();
    this.#port.pause(false);
    this.#wake();
  }

  #taken(bytes: number): void {
    const lagged = this.#waitingBytes > maxWaitingBytes;
    this.#waitingBytes -= bytes;
    if (lagged && this.#waitingBytes <= maxWaitingBytes) this.#port.pause(false);
  }

  #check(): void {
    if (this.#error) throw this.#error;
    if (this.#state === "closed") {
      throw new StatusError("InternalError", `${this.#port.name}: the stream is over`);
    }
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const onChange = (): void => {
        this.#watchers.delete(onChange);
        resolve();
      };
      this.#watchers.add(onChange);
    });
  }

  #wake(): void {
    for (const onChange of [...this.#watchers]) onChange();
  }
}

/** Sends all of `source`. On failure the stream is aborted and the source closed. */
export async function upload(stream: RpcStream, source: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  let exhausted = false;
  try {
    for (;;) {
      const next = await stream.orFail(iterator.next());
      exhausted = next.done === true;
      if (exhausted) break;
      await stream.write(next.value);
    }
    await stream.finish();
  } finally {
    stream.abort();
    // Not awaited: a source that hangs must not hold the failure back.
    if (!exhausted) iterator.return?.().catch(() => undefined);
  }
}
