import type { HostConnection } from "../driver.ts";

/** The verbs that answer once, as opposed to `hints`. */
export type FakeVerb = Exclude<
  keyof HostConnection,
  "closed" | "health" | "hints" | typeof Symbol.asyncDispose
>;

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** What can go wrong between a controller and one host. All of it is off until a test turns it on. */
export class FakeFaults {
  /** Time that a request, and again its answer, is under way. */
  latencyMs = 0;
  /** Events are lost while true. */
  dropHints = false;
  readonly #failures = new Map<FakeVerb, Error[]>();
  readonly #lostReplies = new Map<FakeVerb, number>();
  #gate: Gate | undefined;

  /** The next call of `verb` fails with `error` and does nothing. Repeated calls line up. */
  failNext(verb: FakeVerb, error: Error): void {
    this.#failures.set(verb, [...(this.#failures.get(verb) ?? []), error]);
  }

  /** What was to fail does not any more. */
  mend(): void {
    this.#failures.clear();
  }

  /** The next call of `verb` does its work, but the caller only learns `OutcomeUnknown`. */
  loseNextReply(verb: FakeVerb): void {
    this.#lostReplies.set(verb, (this.#lostReplies.get(verb) ?? 0) + 1);
  }

  /** The daemon freezes: calls get no answer. */
  hang(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate ??= { opened: promise, open: resolve };
  }

  /** The daemon thaws and does now what it was asked meanwhile, whether or not the caller still waits. */
  unhang(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  /** Resolves when the daemon is not frozen; undefined when it is not. */
  get frozen(): Promise<void> | undefined {
    return this.#gate?.opened;
  }

  takeFailure(verb: FakeVerb): Error | undefined {
    return this.#failures.get(verb)?.shift();
  }

  takeLostReply(verb: FakeVerb): boolean {
    const count = this.#lostReplies.get(verb) ?? 0;
    if (count > 0) this.#lostReplies.set(verb, count - 1);
    return count > 0;
  }
}
