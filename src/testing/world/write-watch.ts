import type { Resource } from "../../schema/meta.ts";
import type { Audit, Complain } from "./audit.ts";

export interface WriteWatchOptions {
  readonly audit: Pick<Audit, "listen">;
  readonly complain: Complain;
  readonly now: () => number;
}

/** Four times as many as the busiest volume was ever seen to need. */
const most = 60;
const withinMs = 10_000;

/** The writes of one object since it was not written for a while. */
interface Count {
  sinceMs: number;
  writes: number;
}

/** L6: no object is written again and again, by one who finds no end or by two who do not agree. */
export class WriteWatch {
  readonly #options: WriteWatchOptions;
  readonly #counts = new Map<string, Count>();

  constructor(options: WriteWatchOptions) {
    this.#options = options;
    options.audit.listen((resource) => this.#count(resource));
  }

  #count({ kind, metadata: { uid = "", name } }: Resource): void {
    const { complain, now } = this.#options;
    const count = this.#counts.get(uid) ?? { sinceMs: now(), writes: 0 };
    this.#counts.set(uid, count);
    if (now() - count.sinceMs > withinMs) [count.sinceMs, count.writes] = [now(), 0];
    count.writes += 1;
    if (count.writes === most)
      complain(
        "L6",
        `${kind} ${name} is written ${most} times within ${Math.round(now() - count.sinceMs)} ms`,
      );
  }
}
