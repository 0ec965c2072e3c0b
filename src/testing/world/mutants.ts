import { failoverMutants } from "./mutants-failover.ts";
import { fileMutants } from "./mutants-files.ts";
import { hostMutants } from "./mutants-hosts.ts";
import { poolMutants } from "./mutants-pools.ts";
import { readMutants } from "./mutants-reads.ts";
import { storeMutants } from "./mutants-store.ts";
import type { PlanLimits } from "./plan.ts";
import type { Tampering } from "./replica.ts";

/** A planted bug: what a controller is made of, changed from outside. */
export interface Mutant {
  /** What was broken, in a sentence. */
  readonly what: string;
  /** The invariants that may find it first. */
  readonly breaks: readonly string[];
  /** Made anew for each play: some remember. */
  readonly tampering: () => Tampering;
  readonly limits?: PlanLimits;
}

/** By name. A simulator that lets one of them pass proves nothing. */
export const mutants: Readonly<Record<string, Mutant>> = {
  ...hostMutants,
  ...storeMutants,
  ...readMutants,
  ...fileMutants,
  ...poolMutants,
  ...failoverMutants,
};
