import { formatTime } from "../../runtime/clock.ts";
import { isTrue } from "../../schema/conditions.ts";
import type { Departure, LeftBehind } from "../../schema/departure.ts";
import type { Fence } from "../../schema/fence.ts";
import type { Host } from "../../schema/host.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { fenceInForce } from "../host/fence.ts";
import { wantedState } from "./run-strategy.ts";

export interface FailoverInput {
  readonly vm: VirtualMachine;
  /** The Host on which it is placed. */
  readonly host: Host | undefined;
  /** So many hosts are away at once that nothing is started elsewhere unless a person insists. */
  readonly isMassOutage: boolean;
  readonly now: number;
}

/** Whether a machine whose host cannot be asked may be started elsewhere. */
export type FailoverAnswer =
  | { readonly type: "go"; readonly fence: Fence }
  /** Nobody vouches for it that the host is down, or the machine is not to run. */
  | { readonly type: "wait" }
  /** Somebody does, but there is something against it. */
  | { readonly type: "held"; readonly message: string };

/**
 * Only with a statement that stands, about the very machine that the VM was placed on. What cannot come
 * along, and what has to be done on the old host, waits for that.
 */
export function judgeFailover({ vm, host, isMassOutage, now }: FailoverInput): FailoverAnswer {
  const fence = fenceInForce(host, now);
  if (fence === undefined || vm.metadata.deletionTimestamp !== undefined) return { type: "wait" };
  const { hostName = "", hostUuid } = vm.status ?? {};
  const ended = departed(vm, fence, now);
  if (wantedState({ ...vm, status: ended }, undefined) !== "Running") return { type: "wait" };
  const held = (why: string): FailoverAnswer => ({
    type: "held",
    message: `host "${hostName}" is confirmed down, but ${why}`,
  });
  if (vm.spec.failover === "None") return held("the machine's failover is None: it waits for the host");
  if (fence.hostUuid !== undefined && hostUuid !== undefined && fence.hostUuid !== hostUuid) {
    return held(`that was said of the host with UUID ${fence.hostUuid}, and it was placed on ${hostUuid}`);
  }
  // As long as the Host says that it is held, it is: what is told and what is done are the same.
  const isHeld = isMassOutage || isTrue(host?.status?.conditions, "MassOutage");
  if (isHeld && !fence.evenInMassOutage) {
    return held("many hosts are away at once: say it again with --even-in-mass-outage if that is not it");
  }
  const [volume] = vm.status?.attachedVolumes ?? [];
  if (volume !== undefined) return held(`volume "${volume.name}" is there`);
  if (fence.machines === "WithoutDisks" && hasDisks(vm)) return held("only machines without disks move");
  if ((vm.status?.leftBehind?.length ?? 0) >= leftBehindMax) {
    return held("copies of it wait on many hosts already: remove them there first");
  }
  return { type: "go", fence };
}

const leftBehindMax = 16;

function hasDisks({ spec, status }: VirtualMachine): boolean {
  return (status?.volumes?.length ?? 0) > 0 || spec.disks.some(({ volume }) => volume === undefined);
}

const proofs = { HumanStatement: "a person's statement", FenceDevice: "its fence device" } as const;

/**
 * The status of a machine that is to be placed anew without its old host being asked: the run there counts as
 * ended, its disks stay there, and those that it gets are new ones under other names. To be written together
 * with the next placement, whose epoch it begins.
 */
export function departed({ status = {} }: VirtualMachine, fence: Fence, now: number): VirtualMachineStatus {
  const {
    hostName = "",
    hostUuid,
    allocated: _allocated,
    volumes = [],
    bootContents: _contents,
    domain: _domain,
    startFailure: _failure,
    startedAt,
    startedDefinition: _definition,
    shutdownRequestedAt: _asked,
    leaving: _leaving,
    preempted: _preempted,
    failedHosts: _failed,
    leftBehind = [],
    ...rest
  } = status;
  const place = { hostName, ...(hostUuid === undefined ? {} : { hostUuid }) };
  const epoch = status.placementEpoch ?? 0;
  const departure: Departure = {
    ...place,
    proof: fence.proof,
    epoch,
    by: fence.statedBy,
    at: fence.statedAt,
    message: `host "${hostName}" is down by ${proofs[fence.proof]}: ${fence.reason}`,
  };
  const kept: LeftBehind = {
    ...place,
    epoch,
    since: formatTime(now),
    volumes: volumes.map(({ disk, volume, backing }) => ({
      disk,
      volume,
      ...(backing === undefined ? {} : { backing }),
    })),
  };
  return {
    ...rest,
    ...(startedAt === undefined ? {} : { lastRunEnd: "Failure" }),
    departure,
    leftBehind: [...leftBehind, kept],
    disksEpoch: epoch + 1,
  };
}
