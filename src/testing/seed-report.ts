import type { Test } from "tap";
import { messageOf } from "../runtime/errors.ts";

interface Outcome {
  readonly rows: string;
  readonly call: string;
  readonly what: string;
  readonly elapsedMs: number;
  readonly failure: string | undefined;
}

/** Checks of the flat API, each for some rows of its definition, and how they went. */
export class SeedReport {
  readonly #outcomes: Outcome[] = [];
  readonly #t: Test;

  readonly #lastReason: () => string;

  /** `lastReason` says why the last call that failed has failed. */
  constructor(t: Test, lastReason: () => string) {
    this.#t = t;
    this.#lastReason = lastReason;
  }

  /** Runs a check; it fails by throwing. */
  async check(rows: string, call: string, what: string, run: () => Promise<void>): Promise<void> {
    const began = performance.now();
    const failure = await run().then(
      () => undefined,
      (error: unknown) => `${messageOf(error)} (last reason: ${this.#lastReason()})`,
    );
    const elapsedMs = Math.round(performance.now() - began);
    this.#outcomes.push({ rows, call, what, elapsedMs, failure });
    this.#t.equal(failure, undefined, `${call}: ${what} (${rows})`);
  }

  /** One line a check. */
  print(): void {
    const width = Math.max(...this.#outcomes.map(({ call }) => call.length));
    for (const { rows, call, what, elapsedMs, failure } of this.#outcomes) {
      const verdict = failure === undefined ? "pass" : "FAIL";
      const why = failure === undefined ? "" : `: ${failure.replaceAll("\n", " ")}`;
      say(`${verdict}  ${call.padEnd(width)}  ${what} [${rows}] ${elapsedMs} ms${why}`);
    }
    const failed = this.#outcomes.filter(({ failure }) => failure !== undefined).length;
    say(`${this.#outcomes.length - failed} of ${this.#outcomes.length} checks passed`);
  }
}

/** Past the test runner, which shows no comments. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
