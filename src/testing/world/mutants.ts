import type { PlanLimits } from "./plan.ts";
import type { Tampering } from "./replica.ts";

/** A planted bug: what a controller is made of, changed from outside. */
export interface Mutant {
  /** What was broken, in a sentence. */
  readonly what: string;
  /** The invariants that may find it. */
  readonly breaks: readonly string[];
  /** Made anew for each play: some remember. */
  readonly tampering: () => Tampering;
  readonly limits?: PlanLimits;
}

/** By name. */
export const mutants: Readonly<Record<string, Mutant>> = {};
