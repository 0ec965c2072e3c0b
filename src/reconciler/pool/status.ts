import { formatTime, parseTime } from "../../runtime/clock.ts";
import { findCondition, isTrue, type Progress, setProgress } from "../../schema/conditions.ts";
import { formatSelector } from "../../schema/label-selector.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import {
  templateHashAnnotation,
  type VirtualMachinePool,
  type VirtualMachinePoolStatus,
} from "../../schema/virtual-machine-pool.ts";
import { isReady } from "./members.ts";
import { templateHash } from "./new-member.ts";

/** Why members could not be made or deleted. */
export interface PoolFailure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly message: string;
  /** Trying again cannot help until somebody changes something. */
  readonly isTerminal: boolean;
}

export interface PoolStatusInput {
  readonly pool: VirtualMachinePool;
  /** The members that count, as the cache has them. */
  readonly active: readonly VirtualMachine[];
  /** Nothing was done and nothing is expected: what the cache shows is all there is. */
  readonly isSettled: boolean;
  readonly failure?: PoolFailure | undefined;
  readonly now: number;
}

interface Counts {
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly updatedReplicas: number;
}

/** The status that tells what is seen. The same condition values when nothing changed. */
export function poolStatus(input: PoolStatusInput): VirtualMachinePoolStatus {
  const { pool, active, now } = input;
  const observedGeneration = pool.metadata.generation ?? 0;
  const hash = templateHash(pool);
  const counts = {
    replicas: active.length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((vm) => availableInMs(pool, vm, now) === 0).length,
    updatedReplicas: active.filter((vm) => vm.metadata.annotations?.[templateHashAnnotation] === hash).length,
  };
  const progress = progressOf(input, counts);
  const conditions = setProgress(pool.status?.conditions ?? [], progress, {
    observedGeneration,
    time: formatTime(now),
  });
  return {
    observedGeneration,
    ...counts,
    labelSelector: formatSelector(pool.spec.selector),
    conditions: [...conditions],
  };
}

/** When the next member that is ready will have been so for long enough; undefined when none is waiting. */
export function nextAvailableInMs({ pool, active, now }: PoolStatusInput): number | undefined {
  const waits = active
    .map((vm) => availableInMs(pool, vm, now))
    .filter((wait) => wait > 0 && wait < Infinity);
  return waits.length === 0 ? undefined : Math.min(...waits);
}

/** 0: it is available; infinite: it is not even ready. */
function availableInMs({ spec }: VirtualMachinePool, vm: VirtualMachine, now: number): number {
  const ready = findCondition(vm.status?.conditions, "Ready");
  if (!isReady(vm) || ready === undefined) return Infinity;
  if (spec.minReadySeconds === 0) return 0;
  return Math.max(0, parseTime(ready.lastTransitionTime) + spec.minReadySeconds * 1000 - now);
}

const working = { ready: "False", now: "Reconciling" } as const;
const stuck = { ready: "False", now: "Stalled" } as const;

function progressOf(input: PoolStatusInput, counts: Counts): Progress {
  const { pool, active, failure } = input;
  const { replicas } = pool.spec;
  if (pool.metadata.deletionTimestamp !== undefined) {
    return { ...working, reason: "Terminating", message: "it is being deleted" };
  }
  if (failure !== undefined) {
    const { reason, message, isTerminal } = failure;
    return { ...(isTerminal ? stuck : working), reason, message };
  }
  if (counts.replicas !== replicas || !input.isSettled) {
    const message = `${counts.replicas} of ${replicas} members`;
    return { ...working, reason: "Scaling", message };
  }
  const stalled = active.find((vm) => !isReady(vm) && isTrue(vm.status?.conditions, "Stalled"));
  if (stalled !== undefined) return { ...stuck, reason: "MemberStalled", message: whyStalled(stalled) };
  if (counts.availableReplicas < replicas) {
    const message = `${counts.availableReplicas} of ${replicas} members are available`;
    return { ...working, reason: "MembersNotReady", message };
  }
  const older = counts.replicas - counts.updatedReplicas;
  const note = older === 0 ? "" : `; ${older} not made from the template as it is now: only new members are`;
  return {
    ready: "True",
    reason: "MembersReady",
    message: `${replicas} of ${replicas} members are ready${note}`,
  };
}

function whyStalled({ metadata, status }: VirtualMachine): string {
  return `${metadata.name}: ${findCondition(status?.conditions, "Stalled")?.message ?? ""}`;
}
