import type { Clock } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { LinkHealth } from "../driver.ts";
import type { FakeVerb } from "./fake-faults.ts";
import type { FakeHost } from "./fake-host.ts";

/** How long a call waits for its answer. */
const deadlineMs = 30_000;

/**
 * The way of calls to a host in memory and of their answers back, with what can go wrong on it. A call that
 * was given up may still take effect later.
 */
export class FakeCalls {
  readonly #host: FakeHost;
  readonly #clock: Clock;
  /** Aborted when the link is lost. */
  readonly #lost: AbortSignal;
  #heardAtMs: number;
  #inFlight = 0;

  constructor(host: FakeHost, clock: Clock, lost: AbortSignal) {
    this.#host = host;
    this.#clock = clock;
    this.#lost = lost;
    this.#heardAtMs = clock.monotonic();
  }

  /** A host that is well answers pings, which take no time here. */
  get health(): LinkHealth {
    const { faults, powered, connected } = this.#host;
    const answersPings = powered && connected && faults.frozen === undefined && !this.#lost.aborted;
    return {
      heardAtMs: answersPings ? this.#clock.monotonic() : this.#heardAtMs,
      inFlight: this.#inFlight,
    };
  }

  async call<T>(verb: FakeVerb, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
    const host = this.#host;
    if (this.#lost.aborted) {
      throw new StatusError("HostUnreachable", `the link to host ${host.name} is lost`, {
        cause: this.#lost.reason,
      });
    }
    if (signal.aborted) throw this.#unknown(verb, signal.reason);
    host.calls.set(verb, (host.calls.get(verb) ?? 0) + 1);
    const done = this.#perform(verb, work);
    return this.#isInstant(verb) ? done : this.#bounded(verb, signal, done);
  }

  /** Nothing to wait for, so nothing to bound: most calls of a large simulation. */
  #isInstant(verb: FakeVerb): boolean {
    const { latencyMs, frozen } = this.#host.faults;
    const prompt = latencyMs === 0 && frozen === undefined && this.#host.powered && this.#host.connected;
    return prompt && verb !== "ensureContent";
  }

  /** What happens on the host; nobody can call it back. */
  async #perform<T>(verb: FakeVerb, work: () => T | Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await this.#answer(verb, work);
    } finally {
      this.#inFlight -= 1;
      this.#heardAtMs = this.#clock.monotonic();
    }
  }

  async #answer<T>(verb: FakeVerb, work: () => T | Promise<T>): Promise<T> {
    const { faults } = this.#host;
    await this.#travel();
    if (faults.frozen !== undefined) await faults.frozen;
    const failure = faults.takeFailure(verb);
    if (failure !== undefined) throw failure;
    const result = await work();
    if (faults.takeLostReply(verb)) throw this.#unknown(verb, new Error("the answer was lost"));
    await this.#travel();
    return result;
  }

  async #travel(): Promise<void> {
    const { latencyMs } = this.#host.faults;
    if (latencyMs > 0) await this.#clock.sleep(latencyMs);
    if (!this.#host.powered || !this.#host.connected) await new Promise(() => undefined); // lost on the way
  }

  /** Waits for `work` no longer than signal, deadline and link allow. */
  #bounded<T>(verb: FakeVerb, signal: AbortSignal, work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const expire = (): void => reject(this.#unknown(verb, new Error("30 s passed")));
    const timer = verb === "ensureContent" ? undefined : this.#clock.after(deadlineMs, expire);
    const onAbort = (): void => reject(this.#unknown(verb, signal.reason));
    const onLost = (): void => reject(this.#unknown(verb, this.#lost.reason));
    signal.addEventListener("abort", onAbort);
    this.#lost.addEventListener("abort", onLost);
    work.then(resolve, reject);
    return promise.finally(() => {
      timer?.cancel();
      signal.removeEventListener("abort", onAbort);
      this.#lost.removeEventListener("abort", onLost);
    });
  }

  #unknown(verb: FakeVerb, cause: unknown): StatusError {
    const message = `no answer to ${verb} from host ${this.#host.name}: it may or may not have happened`;
    return new StatusError("OutcomeUnknown", message, { cause });
  }
}
