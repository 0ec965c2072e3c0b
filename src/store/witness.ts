import { join } from "node:path";
import { pause } from "../runtime/abort.ts";
import type { Clock } from "../runtime/clock.ts";
import { readIfThere, writePrivateFile } from "../runtime/private-file.ts";
import type { Log } from "./log.ts";

/** How far a store had come, as a file beside it remembers. */
export interface Witness {
  readonly incarnation: string;
  readonly revision: number;
}

const fileName = "store.witness";
const everyMs = 10_000;

/** What the file in the state directory says; undefined where there is none that can be read. */
export async function readWitness(directory: string): Promise<Witness | undefined> {
  const text = await readIfThere(join(directory, fileName));
  const [, incarnation, revision] = /^([0-9a-zA-Z-]{1,64}) ([0-9]{1,15})\n$/.exec(text ?? "") ?? [];
  if (incarnation === undefined || revision === undefined) return undefined;
  return { incarnation, revision: Number(revision) };
}

/** Why a store cannot be the one that the witness saw; undefined: it can. */
export function contradiction(witness: Witness | undefined, found: Witness): string | undefined {
  if (witness === undefined) return undefined;
  if (witness.incarnation !== found.incarnation) return "it is another store than the last one here";
  if (found.revision >= witness.revision) return undefined;
  return `it ends at revision ${found.revision}, and had come to ${witness.revision}`;
}

export interface WitnessOptions {
  readonly directory: string;
  readonly log: Pick<Log, "incarnation" | "revision">;
  readonly clock: Clock;
  /** Whether what the log says is to be believed; what was witnessed before stays otherwise. */
  readonly mayWrite: () => boolean;
}

/** Keeps the file in step with the log, a few seconds behind, until the signal ends it. */
export async function keepWitness(options: WitnessOptions, signal: AbortSignal): Promise<void> {
  const { directory, log, clock, mayWrite } = options;
  let written = -1;
  do {
    const revision = log.revision();
    if (revision !== written && mayWrite()) {
      await writePrivateFile(join(directory, fileName), `${log.incarnation} ${revision}\n`);
      written = revision;
    }
    await pause(clock, everyMs, signal);
  } while (!signal.aborted);
}
