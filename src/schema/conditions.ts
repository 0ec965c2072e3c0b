import type { Condition } from "./meta.ts";

/** What is observed; the transition time is kept or set by `setCondition`. */
export type NewCondition = Omit<Condition, "lastTransitionTime">;

/**
 * The list with `next` in it. `lastTransitionTime` changes only when `status` does; a condition that says
 * the same leaves the list itself unchanged (same reference), so that nothing is written for nothing.
 */
export function setCondition(
  conditions: readonly Condition[],
  next: NewCondition,
  now: string,
): readonly Condition[] {
  const index = conditions.findIndex((condition) => condition.type === next.type);
  const before = conditions[index];
  if (before === undefined) return [...conditions, { ...next, lastTransitionTime: now }];
  if (sameCondition(before, next)) return conditions;
  const lastTransitionTime = before.status === next.status ? before.lastTransitionTime : now;
  return conditions.with(index, { ...next, lastTransitionTime });
}

/** The list without the condition of this type; the same reference when there was none. */
export function removeCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;
}

/**
 * The list with no transition ahead of `now`; the same reference when there is none. Where the clock was set
 * back since, such a transition counts from now: who waits for a condition to have held for a while would
 * wait until the clock is there again.
 */
export function noneAhead(conditions: readonly Condition[], now: string): readonly Condition[] {
  const isAhead = ({ lastTransitionTime }: Condition) => lastTransitionTime > now;
  return conditions.some(isAhead)
    ? conditions.map((condition) =>
        isAhead(condition) ? { ...condition, lastTransitionTime: now } : condition,
      )
    : conditions;
}

/** The condition of this type, if any. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether the condition of this type is `True`. */
export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === "True";
}

/** How far a controller has come with an object, in the words that waiting tools read. */
export interface Progress {
  /** Whether it is as its spec says; `Unknown` when nobody can tell now. */
  readonly ready: Condition["status"];
  /** What is going on besides: work that is not done yet, or trouble that trying on cannot mend. */
  readonly now?: "Reconciling" | "Stalled" | undefined;
  readonly reason: string;
  readonly message: string;
}

/** The list with Ready, and with Reconciling or Stalled if it is so: what is not the case is not listed. */
export function setProgress(
  conditions: readonly Condition[],
  { ready, now, reason, message }: Progress,
  { observedGeneration, time }: { readonly observedGeneration: number; readonly time: string },
): readonly Condition[] {
  const said = { reason, message, observedGeneration };
  const list = setCondition(conditions, { type: "Ready", status: ready, ...said }, time);
  return ["Reconciling", "Stalled"].reduce<readonly Condition[]>(
    (before, type) =>
      type === now
        ? setCondition(before, { type, status: "True", ...said }, time)
        : removeCondition(before, type),
    list,
  );
}

function sameCondition(before: Condition, next: NewCondition): boolean {
  return (
    before.status === next.status &&
    before.reason === next.reason &&
    before.message === next.message &&
    before.observedGeneration === next.observedGeneration
  );
}
