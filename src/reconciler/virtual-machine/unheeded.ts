import type { Clock } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { Action, Plan } from "./actions.ts";
import type { Failed } from "./remember.ts";

type Define = Extract<Action, { readonly type: "DefineDomain" }>;

/** What is wrong, and the plan with the time when it may be carried out; none if it was just now. */
export interface Unheeded {
  readonly failed: Failed;
  readonly plan: Plan;
}

const againAfterMs = 30_000;

/**
 * Definitions that a host has taken and does not report. Each is given to it again after a while, however
 * often the machine is looked at: the host tells of every definition it takes, which calls for a look.
 */
export class UnheededDefinitions {
  readonly #clock: Clock;
  /** By uid. */
  readonly #given = new Map<string, { readonly action: Define; readonly againAtMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Judges a plan after what has been `done` just now; undefined when there is nothing against it. */
  judge(uid: string, done: readonly Action[], plan: Plan): Unheeded | undefined {
    const action = lastDefine(plan);
    if (action === undefined) {
      this.#given.delete(uid);
      return undefined;
    }
    const now = this.#clock.monotonic();
    if (done.some((step) => deepEqual(step, action))) {
      this.#given.set(uid, { action, againAtMs: now + againAfterMs });
      return { failed: failed(action), plan };
    }
    const given = this.#given.get(uid);
    if (given === undefined || given.againAtMs <= now || !deepEqual(given.action, action)) return undefined;
    return { failed: failed(action), plan: { ...plan, requeueAfterMs: given.againAtMs - now } };
  }
}

/** Where a start follows on the definition, a guest waits: it runs with whatever its host has kept. */
function lastDefine({ actions }: Plan): Define | undefined {
  if (actions.some(({ type }) => type === "StartDomain")) return undefined;
  return actions.findLast((action) => action.type === "DefineDomain");
}

function failed(action: Define): Failed {
  const message = `host keeps another definition than it was given: ${action.because}`;
  return { action, error: new StatusError("OperationInvalid", message) };
}
