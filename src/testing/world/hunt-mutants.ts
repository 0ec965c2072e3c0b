import { mutants } from "./mutants.ts";
import { playSwarm } from "./swarm.ts";

/** How a planted bug was found. */
export interface Hunt {
  readonly name: string;
  /** Of each hunt, how many seeds it took; 0: one of those to look at before; `undefined`: it got away. */
  readonly seeds: readonly (number | undefined)[];
  /** The invariants that found it. */
  readonly found: readonly string[];
}

export interface HuntOptions {
  readonly name: string;
  /** How often it is hunted, each time from another seed on. */
  readonly trials: number;
  /** Which hunt is the first: the second begins where the second of many would. */
  readonly first?: number;
  readonly maxSeeds: number;
  /** Seeds to look at before any others; they do not count. */
  readonly before?: readonly number[];
  readonly workers?: number;
}

const apart = 10_000;
/** Some planted bugs make a play spin. */
const hangsAfterMs = 60_000;

/** Plays seeds with a planted bug until an invariant that it breaks is breached, several times over. */
export async function hunt(options: HuntOptions): Promise<Hunt> {
  const { name, trials, first = 1, maxSeeds, workers = 1, before = [] } = options;
  const mutant = mutants[name];
  if (mutant === undefined) throw new Error(`there is no planted bug "${name}"`);
  const isCaught = ({ breaches }: { readonly breaches: readonly { readonly id: string }[] }) =>
    breaches.some(({ id }) => mutant.breaks.includes(id));
  const seeds: (number | undefined)[] = [];
  const found = new Set<string>();
  for (let trial = first; trial < first + trials; trial++) {
    const from = trial * apart;
    const swarm = { from, seeds: maxSeeds, before, workers, mutant: name, hangsAfterMs };
    const played = await playSwarm({ ...swarm, onPlayed: isCaught });
    const caught = played.find(isCaught);
    if (caught === undefined) seeds.push(undefined);
    else seeds.push(before.includes(caught.seed) ? 0 : caught.seed - from + 1);
    for (const { id } of caught?.breaches ?? []) found.add(id);
  }
  return { name, seeds, found: [...found].sort() };
}

/** The middle of the counts, a hunt that failed being worse than any. */
export function medianOf({ seeds }: Hunt): number | undefined {
  const sorted = seeds.map((count) => count ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return middle === undefined || middle === Number.POSITIVE_INFINITY ? undefined : middle;
}
