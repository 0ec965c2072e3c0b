import type { ObservedDomain, OwnershipMark } from "../../drivers/driver.ts";
import { parseTime } from "../../runtime/clock.ts";
import { assertNever } from "../../runtime/errors.ts";
import { graceSecondsOf } from "../../schema/grace-period.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { type Action, type BlockReason, blocked, type Plan } from "./actions.ts";
import { uidOf, volumePrefix } from "./desired.ts";
import { handPauses, passingPauses, planRequestedPause } from "./pause.ts";
import type { ObservedMachine, PlanInput } from "./plan-input.ts";
import { isActive } from "./run-strategy.ts";
import { planDefinition, planStart } from "./start-plan.ts";
import { planDefinedReleases, planVolumes } from "./volume-steps.ts";

/** How long a power button may go unanswered before it is pressed again: a booting guest misses it. */
const pressAgainMs = 5_000;
const lookAgainMs = 2_000;

/**
 * The next safe steps from what is seen towards what is wanted. Pure: no step is assumed to have worked, and
 * steps are in an order in which it is safe to stop after each.
 */
export function planVirtualMachine(input: PlanInput): Plan {
  const { wanted, observed } = input;
  if (observed.foreign !== undefined) return blocked(foreignDomain(observed.foreign));
  if (isNewer(input)) return blocked(newerDomain(observed.domain));
  switch (wanted) {
    case "Gone":
      return planRemoval(input);
    case "Stopped":
      return isActive(observed.domain)
        ? planStop(input, "it should be stopped")
        : { actions: planDefinedReleases(input) };
    case "AsIs":
      return observed.domain !== undefined && isActive(observed.domain)
        ? (planRequestedPause(input.vm, observed.domain, input.mark) ?? planVolumes(input, observed.domain))
        : { actions: planDefinedReleases(input) };
    case "Running":
      return planRun(input);
    default:
      return assertNever(wanted);
  }
}

function foreignDomain({ domainName, uid }: ObservedDomain): BlockReason {
  const message =
    `domain "${domainName}" has this machine's UUID ${uid} but not its ownership mark; ` +
    "it is left alone: undefine it, or give it back its metadata";
  return { reason: "Conflict", message };
}

/** Placements are written down first: the store has lost what it knew. */
function isNewer({ vm, observed }: PlanInput): boolean {
  return (observed.domain?.mark?.epoch ?? 0) > (vm.status?.placementEpoch ?? 0);
}

function newerDomain(domain: ObservedDomain | undefined): BlockReason {
  const message =
    `its domain is of placement ${domain?.mark?.epoch}, which the store does not know: it was brought back ` +
    "from an older backup; see docs/reference/store.md";
  return { reason: "Conflict", message };
}

function planRemoval(input: PlanInput): Plan {
  const { observed } = input;
  if (isActive(observed.domain)) return planStop(input, "it is being deleted");
  if (observed.activeElsewhere !== undefined) return blocked(elsewhere(input, observed.activeElsewhere));
  return planTraces(input, "it is being deleted");
}

/** Takes away what is left of a machine that has no process. */
function planTraces({ vm, observed, mark }: PlanInput, because: string): Plan {
  const undefine: Action[] = observed.domain === undefined ? [] : [{ type: "UndefineDomain", mark, because }];
  const own = ownVolumes(vm, observed);
  return {
    actions: [...undefine, ...[...own].map((volume): Action => ({ type: "DeleteVolume", volume, because }))],
  };
}

/**
 * The volumes that are this machine's: those on the host that are named with its full uid, and those recorded
 * for it, which may have come to be since the last look.
 */
function ownVolumes(vm: VirtualMachine, { volumes }: ObservedMachine): ReadonlySet<string> {
  const prefix = volumePrefix(uidOf(vm));
  const { volumes: made = [], leftBehind = [] } = vm.status ?? {};
  const recorded = made.map(({ volume }) => volume);
  const own = new Set([...volumes.keys(), ...recorded].filter((volume) => volume.startsWith(prefix)));
  // What was left here before is kept for as long as the machine is.
  if (vm.metadata.deletionTimestamp === undefined) {
    for (const { volume } of leftBehind.flatMap((left) => left.volumes)) own.delete(volume);
  }
  return own;
}

function elsewhere({ vm }: PlanInput, hostName: string): BlockReason {
  if (vm.status?.leftBehind?.some((left) => left.hostName === hostName)) {
    const message = `its copy on host "${hostName}", of an earlier placement, has not been stopped yet`;
    return { reason: "Conflict", message };
  }
  const message =
    `a domain with this machine's UUID has a process on host "${hostName}": it is neither started twice ` +
    "nor forgotten; stop that one by hand";
  return { reason: "Conflict", message };
}

function planStop(input: PlanInput, because: string): Plan {
  const { vm, mark, now } = input;
  const { domain } = input.observed;
  if (domain === undefined || !isActive(domain)) return { actions: [] };
  const graceMs = graceSecondsOf(vm) * 1000;
  const leftMs = graceLeftMs(vm, now);
  if (leftMs <= 0 || domain.state === "crashed") {
    const forced =
      graceMs === 0 ? because : `${because}; the guest did not shut down within ${graceMs / 1000} s`;
    return { actions: [{ type: "DestroyDomain", mark, because: forced }] };
  }
  const press: Action = { type: "ShutdownDomain", mark, because };
  const wake: Action = { type: "ResumeDomain", mark, because: "a paused guest cannot shut down" };
  const requeueAfterMs = Math.min(leftMs, pressAgainMs);
  if (domain.state === "shutdown") return { actions: [], requeueAfterMs };
  return { actions: domain.state === "paused" ? [wake, press] : [press], requeueAfterMs };
}

/** Never more than the whole grace period, even when the clock has leapt back. */
function graceLeftMs(vm: VirtualMachine, now: number): number {
  const graceMs = graceSecondsOf(vm) * 1000;
  const requestedAt = vm.status?.shutdownRequestedAt;
  return requestedAt === undefined ? graceMs : Math.min(graceMs, parseTime(requestedAt) + graceMs - now);
}

function planRun(input: PlanInput): Plan {
  const { domain, activeElsewhere } = input.observed;
  const { leaving, preempted } = input.vm.status ?? {};
  if (domain !== undefined && isActive(domain)) {
    if (isOutdated(input, domain)) {
      const because = `it is the copy of placement ${domain.mark?.epoch}, which was given up`;
      return { actions: [{ type: "DestroyDomain", mark: input.mark, because }] };
    }
    return preempted === undefined ? planActive(input, domain) : planStop(input, preempted.message);
  }
  if (activeElsewhere !== undefined) return blocked(elsewhere(input, activeElsewhere));
  if (leaving !== undefined) return planTraces(input, leaving.message);
  if (preempted !== undefined) {
    return { actions: [], blockedBy: { reason: "Preempted", message: preempted.message } };
  }
  const plan = planStart(input);
  // What keeps it from starting does not keep others from what it has no use for any more.
  return plan.blockedBy === undefined ? plan : { ...plan, actions: planDefinedReleases(input) };
}

/** It was left here when the machine was started elsewhere, and by now the machine has come back. */
function isOutdated({ vm }: PlanInput, { mark }: ObservedDomain): boolean {
  const { disksEpoch } = vm.status ?? {};
  return disksEpoch !== undefined && mark !== undefined && mark.epoch < disksEpoch;
}

function planActive(input: PlanInput, domain: ObservedDomain): Plan {
  const { mark, vm } = input;
  const pause = planRequestedPause(vm, domain, mark);
  if (pause !== undefined && vm.status?.restartRequest === undefined) return pause;
  switch (domain.state) {
    case "paused":
      return pause === undefined ? planPaused(domain, mark) : planStop(input, "a restart was asked for");
    case "crashed":
      return { actions: [{ type: "DestroyDomain", mark, because: "the guest crashed" }] };
    case "shutdown":
      return { actions: [], requeueAfterMs: lookAgainMs };
    case "pmsuspended":
      return { actions: [], blockedBy: { reason: "Paused", message: "the guest has suspended itself" } };
    case "running":
    case "blocked":
    case "nostate":
    case "shutoff":
      if (vm.status?.restartRequest !== undefined) return planStop(input, "a restart was asked for");
      return planUpkeep(input, domain);
    default:
      return assertNever(domain.state);
  }
}

function planUpkeep(input: PlanInput, domain: ObservedDomain): Plan {
  const { actions, ...wait } = planVolumes(input, domain);
  const definition = planDefinition(input, domain);
  return { ...definition, ...wait, actions: [...definition.actions, ...actions] };
}

function planPaused(domain: ObservedDomain, mark: OwnershipMark): Plan {
  if (handPauses.has(domain.reason)) {
    return { actions: [{ type: "ResumeDomain", mark, because: `it was paused (${domain.reason})` }] };
  }
  if (passingPauses.has(domain.reason)) return { actions: [], requeueAfterMs: lookAgainMs };
  const message = `paused by the hypervisor (${domain.reason}); mend the cause, then resume it`;
  return blocked({ reason: "Paused", message });
}
