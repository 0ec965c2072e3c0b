import { hasReason, messageOf, type StatusReason } from "../../runtime/errors.ts";
import { controllerOf, keyOf } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { VirtualMachinePool } from "../../schema/virtual-machine-pool.ts";
import type { Store } from "../../store/store.ts";
import type { Expectations } from "./expectations.ts";
import { memberName, newMember } from "./new-member.ts";
import type { PoolFailure } from "./status.ts";

export interface HandsOptions {
  readonly store: Pick<Store, "get" | "create" | "delete">;
  /** Random in [0, 1). */
  readonly next: () => number;
  readonly mayAct: () => boolean;
}

/** What came of making or deleting members. */
export interface Outcome {
  /** The names of those made or deleted. */
  readonly done: readonly string[];
  readonly failure?: PoolFailure;
  /** What was thrown; the failure tells people of it. */
  readonly error?: unknown;
}

/** How many members are deleted at once. */
const deletionsAtOnce = 64;

/**
 * Makes members: first one, then two at once, then four, and so on, so that what refuses one is not asked
 * hundreds of times. Stops at the first failure.
 */
export async function createMembers(
  options: HandsOptions,
  pool: VirtualMachinePool,
  expected: Expectations,
  count: number,
): Promise<Outcome> {
  const done: string[] = [];
  for (let size = 1; done.length < count; size *= 2) {
    if (!options.mayAct()) break;
    const batch = Array.from({ length: Math.min(size, count - done.length) }, () => {
      const [doubtful] = expected.doubtfulNames;
      const name = doubtful ?? memberName(pool, options.next);
      expected.doubtfulNames.delete(name);
      return createMember(options, pool, expected, name);
    });
    const error = await gather(batch, done);
    if (error !== undefined) return { done, error, failure: failureOf("FailedCreate", error) };
  }
  return { done };
}

/** Deletes these members, in this order, many at once. */
export async function deleteMembers(
  options: HandsOptions,
  expected: Expectations,
  members: readonly VirtualMachine[],
): Promise<Outcome> {
  const done: string[] = [];
  for (let from = 0; from < members.length && options.mayAct(); from += deletionsAtOnce) {
    const batch = members.slice(from, from + deletionsAtOnce);
    const deletions = batch.map((member) => deleteMember(options, expected, member));
    const error = await gather(deletions, done);
    if (error !== undefined) return { done, error, failure: failureOf("FailedDelete", error) };
  }
  return { done };
}

/** A name that somebody else has is given up for another. */
async function createMember(
  options: HandsOptions,
  pool: VirtualMachinePool,
  expected: Expectations,
  wanted: string,
): Promise<string> {
  for (let name = wanted; ; name = memberName(pool, options.next)) {
    const member = newMember(pool, name);
    try {
      expected.wrote(await options.store.create(VirtualMachineKind, member));
      return name;
    } catch (error) {
      if (isUnanswered(error)) expected.doubtfulNames.add(name);
      if (!hasReason(error, "AlreadyExists")) throw error;
    }
    // It may be the one whose making was not answered.
    const found = await options.store.get(VirtualMachineKind, keyOf(member));
    if (found !== undefined && controllerOf(found)?.uid === expected.uid) {
      expected.wrote(found);
      return name;
    }
  }
}

async function deleteMember(
  { store }: HandsOptions,
  expected: Expectations,
  member: VirtualMachine,
): Promise<string> {
  const { name, uid = "" } = member.metadata;
  try {
    const left = await store.delete(VirtualMachineKind, keyOf(member), { preconditions: { uid } });
    if (left === undefined) expected.removed(member);
    else expected.wrote(left);
    expected.doubtfulDeletions.delete(uid);
  } catch (error) {
    if (isUnanswered(error)) expected.doubtfulDeletions.add(uid);
    if (!hasReason(error, "NotFound")) throw error;
    expected.removed(member);
    expected.doubtfulDeletions.delete(uid);
  }
  return name;
}

/** Awaits all of them; the first failure, if any. */
async function gather(batch: readonly Promise<string>[], done: string[]): Promise<unknown> {
  let failure: unknown;
  for (const result of await Promise.allSettled(batch)) {
    if (result.status === "fulfilled") done.push(result.value);
    else failure ??= result.reason;
  }
  return failure;
}

/** It may have happened all the same. */
function isUnanswered(error: unknown): boolean {
  return !answers.some((reason) => hasReason(error, reason));
}

/** Refusals: it has not happened. */
const answers: readonly StatusReason[] = [
  "AlreadyExists",
  "BadRequest",
  "Conflict",
  "Forbidden",
  "Invalid",
  "NotFound",
  "TooManyRequests",
];

/** Refusals that only a change of something mends. */
const finalAnswers: readonly StatusReason[] = ["BadRequest", "Forbidden", "Invalid"];

function failureOf(reason: PoolFailure["reason"], error: unknown): PoolFailure {
  const isTerminal = finalAnswers.some((answer) => hasReason(error, answer));
  return { reason, message: messageOf(error), isTerminal };
}
