import type { Decision } from "../schema/decision.ts";
import type { Resource } from "../schema/meta.ts";
import type { VirtualMachine } from "../schema/virtual-machine.ts";
import type { Counterfactual } from "./counterfactual.ts";
import type { Explanation } from "./explain.ts";
import type { Forecast } from "./forecast.ts";

/** Everything about where a machine is, and could be. */
export interface PlacementReport {
  readonly namespace: string;
  readonly name: string;
  readonly hostName?: string;
  /** What was decided, the newest first. */
  readonly decisions: readonly Decision[];
  /** What would be decided now, were it not where it is; absent when it cannot be said. */
  readonly now?: Explanation;
  /** Why it cannot be said. */
  readonly blocked?: string;
  /** The smallest changes by which it would fit, where it fits nowhere. */
  readonly counterfactuals: readonly Counterfactual[];
}

/** What to think through; see `PlanRequest`. */
export interface PlanQuestion {
  /** Valid objects. */
  readonly manifests: readonly Resource[];
  readonly loseHosts: readonly string[];
  readonly drainHosts: readonly string[];
  readonly policy?: string | undefined;
}

export interface PlacementPlan extends Forecast {
  /** Objects of which nothing can be said, and why. */
  readonly problems: readonly string[];
}

/**
 * Answers questions about placement from the live state, by the code that decides. Changes nothing. Throws
 * `NotFound` or `Invalid` naming what is wrong with the question.
 */
export interface PlacementDesk {
  explain(vm: VirtualMachine): PlacementReport;
  plan(question: PlanQuestion): Promise<PlacementPlan>;
}
