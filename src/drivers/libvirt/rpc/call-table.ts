import type { Clock } from "../../../runtime/clock.ts";
import { messageOf, StatusError } from "../../../runtime/errors.ts";
import { UnreachableError } from "../../unreachable.ts";
import type { AnyCall, CallOptions } from "./pending-call.ts";
import { XdrError } from "./xdr.ts";

export interface CallTableOptions {
  readonly clock: Clock;
  readonly maxInFlight: number;
  readonly defaultDeadlineMs: number;
  /** Sends a call under this serial; throws when its arguments cannot be written. */
  readonly transmit: (serial: number, call: AnyCall) => void;
  /** Every place is held by a call that was given up: no other call can ever be answered. */
  readonly onStuck: (reason: Error) => void;
}

const maxSerial = 0xffff_ffff;

/**
 * The calls of one connection: at most `maxInFlight` before the daemon, the others in line. A call that was
 * given up keeps its place until the daemon answers it after all, for so long the daemon works on it.
 */
export class CallTable {
  readonly #options: CallTableOptions;
  readonly #queue = new Set<AnyCall>();
  readonly #sent = new Map<number, AnyCall>();
  #lost = 0;
  #serial = 0;

  constructor(options: CallTableOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#sent.size;
  }

  get queued(): number {
    return this.#queue.size;
  }

  get isFull(): boolean {
    return this.#sent.size >= this.#options.maxInFlight;
  }

  submit(call: AnyCall, { deadlineMs, signal }: CallOptions): void {
    const limitMs = deadlineMs ?? this.#options.defaultDeadlineMs;
    call.watch(this.#options.clock, limitMs, signal, (cause) => this.#giveUp(call, cause));
    if (this.isFull) this.#queue.add(call);
    else this.#send(call);
  }

  /** The call that an answer belongs to; undefined when it was given up. Throws when it was never made. */
  take(serial: number): AnyCall | undefined {
    const call = this.#sent.get(serial);
    if (call === undefined) throw new XdrError(`an answer to call ${serial}, which was not made`);
    this.#sent.delete(serial);
    if (call.state !== "settled") return call;
    this.#lost -= 1;
    return undefined;
  }

  /** Fills free places from the line. */
  advance(): void {
    for (const call of this.#queue) {
      if (this.isFull) return;
      this.#queue.delete(call);
      this.#send(call);
    }
  }

  /** Rejects every call. */
  end(reason: Error): void {
    const calls = [...this.#sent.values(), ...this.#queue];
    this.#sent.clear();
    this.#queue.clear();
    for (const call of calls) if (call.state !== "settled") call.abandon(reason);
  }

  #send(call: AnyCall): void {
    const serial = this.#nextSerial();
    try {
      this.#options.transmit(serial, call);
    } catch (error) {
      const wrong = `${call.procedure.name}: ${messageOf(error)}`;
      call.reject(
        error instanceof StatusError ? error : new StatusError("BadRequest", wrong, { cause: error }),
      );
      return;
    }
    this.#sent.set(serial, call);
    call.sent(serial);
  }

  #giveUp(call: AnyCall, cause: unknown): void {
    const wasSent = call.state === "sent";
    this.#queue.delete(call);
    call.abandon(cause);
    if (!wasSent) return;
    this.#lost += 1;
    if (this.#lost < this.#options.maxInFlight) return;
    const message = `none of ${this.#lost} calls was answered: the daemon hangs`;
    this.#options.onStuck(new UnreachableError("DaemonHung", message));
  }

  #nextSerial(): number {
    do this.#serial = this.#serial >= maxSerial ? 1 : this.#serial + 1;
    while (this.#sent.has(this.#serial));
    return this.#serial;
  }
}
