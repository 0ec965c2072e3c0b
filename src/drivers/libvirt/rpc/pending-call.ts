import type { Clock, Timer } from "../../../runtime/clock.ts";
import { messageOf, StatusError } from "../../../runtime/errors.ts";
import type { Codec } from "./codec.ts";
import type { Procedure } from "./procedure.ts";
import type { XdrReader, XdrWriter } from "./xdr.ts";

export interface CallOptions {
  /** Gives the call up. A call that was sent goes on in the daemon: there is no way to take it back. */
  readonly signal?: AbortSignal;
  /** How long to wait for the answer, the time in the queue included; 30 s unless told. */
  readonly deadlineMs?: number;
}

/** What the connection needs of a call, whatever its types. */
export type AnyCall = Pick<
  PendingCall<unknown, unknown>,
  "procedure" | "state" | "watch" | "writeArgs" | "sent" | "answer" | "reject" | "abandon"
>;

/** A call on its way: in the queue, sent, or given up while the daemon still works on it. */
export class PendingCall<Args, Result> {
  readonly procedure: Procedure<Args, Result>;
  readonly promise: Promise<Result>;
  state: "queued" | "sent" | "settled" = "queued";
  readonly #args: Args;
  readonly #label: string;
  readonly #onSent: ((serial: number) => void) | undefined;
  #resolve: (result: Result) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #timer: Timer | undefined;
  #stopListening: (() => void) | undefined;

  constructor(
    procedure: Procedure<Args, Result>,
    args: Args,
    label: string,
    onSent?: (serial: number) => void,
  ) {
    this.procedure = procedure;
    this.#args = args;
    this.#label = label;
    this.#onSent = onSent;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Calls `onGiveUp` when time is up or the signal aborts, unless the call is settled before. */
  watch(
    clock: Clock,
    deadlineMs: number,
    signal: AbortSignal | undefined,
    onGiveUp: (cause: unknown) => void,
  ): void {
    this.#timer = clock.after(deadlineMs, () => onGiveUp(new Error(`no answer within ${deadlineMs} ms`)));
    if (signal === undefined) return;
    const onAbort = (): void => onGiveUp(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#stopListening = () => signal.removeEventListener("abort", onAbort);
  }

  /** Handed to the transport under this serial. */
  sent(serial: number): void {
    this.state = "sent";
    this.#onSent?.(serial);
  }

  writeArgs(writer: XdrWriter): void {
    this.procedure.args.write(writer, this.#args);
  }

  /** Settles with what the daemon answered. An answer that cannot be read rejects. */
  answer(reader: XdrReader): void {
    try {
      const result = readAll(this.procedure.result, reader);
      this.#settle();
      this.#resolve(result);
    } catch (error) {
      const message = `${this.#what}: the answer cannot be read: ${messageOf(error)}`;
      this.reject(new StatusError("InternalError", message, { cause: error }));
    }
  }

  reject(error: Error): void {
    this.#settle();
    this.#reject(error);
  }

  /** Rejects without an answer: whether anything happened depends on whether it was sent. */
  abandon(cause: unknown): void {
    const sent = this.state === "sent";
    const message = sent
      ? `${this.#what}: ${messageOf(cause)}; it may or may not have happened`
      : `${this.#what} was not sent: ${messageOf(cause)}`;
    this.reject(new StatusError(sent ? "OutcomeUnknown" : "HostUnreachable", message, { cause }));
  }

  get #what(): string {
    return `${this.procedure.name} on ${this.#label}`;
  }

  #settle(): void {
    this.state = "settled";
    this.#timer?.cancel();
    this.#stopListening?.();
  }
}

function readAll<T>(codec: Codec<T>, reader: XdrReader): T {
  const value = codec.read(reader);
  reader.finish();
  return value;
}
