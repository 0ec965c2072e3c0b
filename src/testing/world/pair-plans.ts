import { type Mishap, playWorkload, type Trouble } from "./single-plans.ts";
import { type Stream, streamOf } from "./stream.ts";
import { workloads } from "./workloads.ts";

/** What may come together: the controller dies, and something else goes wrong before or after. */
const pairs: readonly (readonly [Trouble, Trouble])[] = [
  ["crash", "crash"],
  ["crash", "cut"],
  ["crash", "stale"],
  ["crash", "unobserved"],
];

export interface PairReport {
  /** Plays in which both things have gone wrong. */
  readonly played: number;
  readonly faults: readonly string[];
}

/** Plays a sample of all ways in which two things go wrong in one workload; `number` of each names it. */
export async function playPairs(from: number, count: number): Promise<PairReport> {
  const lengths = new Map<string, number>();
  const faults: string[] = [];
  let played = 0;
  for (let number = from; number < from + count; number++) {
    const stream = streamOf(number, "pair");
    const name = stream.pick(Object.keys(workloads));
    const mishaps = await mishapsOf(name, stream, lengths);
    const { struck, breaches } = await playWorkload(workloads[name] ?? [], mishaps);
    if (struck === mishaps.length) played += 1;
    const what = mishaps.map(({ trouble, at }) => `${trouble} at ${at}`).join(", ");
    for (const { id, what: breach } of breaches)
      faults.push(`pair ${number}, ${name}, ${what}: ${id} ${breach}`);
  }
  return { played, faults };
}

async function mishapsOf(
  name: string,
  stream: Stream,
  lengths: Map<string, number>,
): Promise<readonly Mishap[]> {
  const mishaps: Mishap[] = [];
  for (const trouble of stream.pick(pairs)) {
    const key = `${trouble} ${name}`;
    const known = lengths.get(key) ?? (await playWorkload(workloads[name] ?? [], [], trouble)).moments.length;
    lengths.set(key, known);
    // What has gone wrong first brings moments that were not there without it.
    mishaps.push({ trouble, at: 1 + stream.below(Math.ceil(known * (mishaps.length === 0 ? 1 : 1.3))) });
  }
  return mishaps;
}
