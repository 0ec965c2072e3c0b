import type {
  DomainDefinition,
  ObservedDomain,
  ObservedVolume,
  OwnershipMark,
} from "../../drivers/driver.ts";
import { parseTime } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import { assertNever } from "../../runtime/errors.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Action, BlockReason, Plan } from "./actions.ts";
import { startWaitMs } from "./backoff.ts";
import type { DesiredDisk, DesiredMachine } from "./desired.ts";
import { bootContentsOf, uidOf } from "./desired.ts";
import { isActive, type Wanted } from "./run-strategy.ts";

/** What was seen on the machine's host, all of it after the last thing we did there. */
export interface ObservedMachine {
  readonly domain: ObservedDomain | undefined;
  readonly volumes: ReadonlyMap<string, ObservedVolume>;
  /** Another host on which a domain with this uid has a process, if any. */
  readonly activeElsewhere?: string;
}

export interface PlanInput {
  readonly vm: VirtualMachine;
  readonly mark: OwnershipMark;
  readonly wanted: Wanted;
  readonly observed: ObservedMachine;
  /** The spec with its references followed and the domain that it asks for, or why that cannot be said. */
  readonly desired: Desired;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type Desired =
  | { readonly type: "resolved"; readonly machine: DesiredMachine; readonly definition: DomainDefinition }
  | { readonly type: "blocked"; readonly blockedBy: BlockReason };

/** How long a pressed power button may go unanswered before it is pressed again: a booting guest misses it. */
const pressAgainMs = 5_000;
const lookAgainMs = 2_000;
const stillBlockedMs = 30_000;

/**
 * The next safe steps from what is seen towards what is wanted. Pure: no step is assumed to have worked, and
 * steps are in an order in which it is safe to stop after each.
 */
export function planVirtualMachine(input: PlanInput): Plan {
  const { wanted, observed, mark } = input;
  const foreign = foreignDomain(observed.domain, mark);
  if (foreign !== undefined) return { actions: [], blockedBy: foreign, requeueAfterMs: stillBlockedMs };
  switch (wanted) {
    case "Gone":
      return planRemoval(input);
    case "Stopped":
      return planStop(input, "it should be stopped");
    case "AsIs":
      return { actions: [] };
    case "Running":
      return planRun(input);
    default:
      return assertNever(wanted);
  }
}

function foreignDomain(domain: ObservedDomain | undefined, mark: OwnershipMark): BlockReason | undefined {
  if (domain === undefined) return undefined;
  if (domain.mark?.clusterId === mark.clusterId && domain.mark.uid === mark.uid) return undefined;
  const message =
    `domain "${domain.domainName}" has this machine's UUID ${mark.uid} but not its ownership mark; ` +
    "it is left alone: undefine it, or give it back its metadata";
  return { reason: "Conflict", message };
}

function planRemoval(input: PlanInput): Plan {
  const { vm, observed, mark } = input;
  if (isActive(observed.domain)) return planStop(input, "it is being deleted");
  const because = "it is being deleted";
  const undefine: Action[] = observed.domain === undefined ? [] : [{ type: "UndefineDomain", mark, because }];
  const own = ownVolumes(vm, observed);
  return {
    actions: [...undefine, ...own.map((volume): Action => ({ type: "DeleteVolume", volume, because }))],
  };
}

/** Volumes on the host that are this machine's: recorded for it, or named with its full uid. */
function ownVolumes(vm: VirtualMachine, observed: ObservedMachine): readonly string[] {
  const prefix = `vm-${uidOf(vm)}-`;
  return [...observed.volumes.keys()].filter((volume) => volume.startsWith(prefix));
}

function planStop(input: PlanInput, because: string): Plan {
  const { vm, mark, now } = input;
  const { domain } = input.observed;
  if (domain === undefined || !isActive(domain)) return { actions: [] };
  const graceMs = vm.spec.terminationGracePeriodSeconds * 1000;
  const requestedAt = vm.status?.shutdownRequestedAt;
  const leftMs = requestedAt === undefined ? graceMs : parseTime(requestedAt) + graceMs - now;
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

function planRun(input: PlanInput): Plan {
  const { domain, activeElsewhere } = input.observed;
  if (domain !== undefined && isActive(domain)) return planActive(input, domain);
  if (activeElsewhere !== undefined) {
    const message = `a domain of this machine has a process on host "${activeElsewhere}"; it is not started twice`;
    return { actions: [], blockedBy: { reason: "Conflict", message }, requeueAfterMs: stillBlockedMs };
  }
  return planStart(input);
}

function planActive(input: PlanInput, domain: ObservedDomain): Plan {
  const { mark, vm } = input;
  switch (domain.state) {
    case "paused":
      return planPaused(domain, mark);
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
      return { actions: planDefinition(input, domain) };
    default:
      return assertNever(domain.state);
  }
}

/** libvirt's words for a pause that will end by itself, because something is being done to the domain. */
const passingPauses: ReadonlySet<string> = new Set(["starting up", "migration", "save", "dump", "snapshot"]);
const handPauses: ReadonlySet<string> = new Set(["user", "unknown"]);

function planPaused(domain: ObservedDomain, mark: OwnershipMark): Plan {
  if (handPauses.has(domain.reason)) {
    return { actions: [{ type: "ResumeDomain", mark, because: `it was paused (${domain.reason})` }] };
  }
  if (passingPauses.has(domain.reason)) return { actions: [], requeueAfterMs: lookAgainMs };
  const message = `paused by the hypervisor (${domain.reason}); mend the cause, then resume it`;
  return { actions: [], blockedBy: { reason: "Paused", message }, requeueAfterMs: stillBlockedMs };
}

/** Keeps the persistent definition of a running machine true; the guest sees it at its next start. */
function planDefinition(input: PlanInput, domain: ObservedDomain): readonly Action[] {
  const { desired, observed } = input;
  if (desired.type === "blocked" || deepEqual(desired.definition, domain.definition)) return [];
  const missing = desired.machine.disks.filter((disk) => !observed.volumes.has(disk.spec.volume));
  if (missing.some((disk) => disk.blockedBy !== undefined || isLost(input.vm, disk))) return [];
  return [
    ...ensureContents(input, missing),
    ...missing.map(ensureVolume),
    { type: "DefineDomain", definition: desired.definition, because: whyDefine(desired.definition, domain) },
  ];
}

function planStart(input: PlanInput): Plan {
  const { vm, desired, observed, mark, now } = input;
  const waitMs = startWaitMs(vm.status?.startFailure, now);
  if (waitMs > 0) return { actions: [], blockedBy: crashLoop(vm), requeueAfterMs: waitMs };
  if (desired.type === "blocked")
    return { actions: [], blockedBy: desired.blockedBy, requeueAfterMs: stillBlockedMs };
  const needed = desired.machine.disks.filter((disk) => isWanting(disk, observed));
  const blockedBy = blockedDisk(vm, needed, observed);
  if (blockedBy !== undefined) return { actions: [], blockedBy, requeueAfterMs: stillBlockedMs };
  const define: readonly Action[] = deepEqual(desired.definition, observed.domain?.definition)
    ? []
    : [
        {
          type: "DefineDomain",
          definition: desired.definition,
          because: whyDefine(desired.definition, observed.domain),
        },
      ];
  return {
    actions: [
      ...ensureContents(input, needed),
      ...needed.map(ensureVolume),
      ...define,
      { type: "StartDomain", mark, because: whyStart(observed.domain) },
    ],
  };
}

/** Whether the disk's volume must be made or grown. */
function isWanting(disk: DesiredDisk, observed: ObservedMachine): boolean {
  return (observed.volumes.get(disk.spec.volume)?.capacityBytes ?? -1) < disk.spec.capacityBytes;
}

function blockedDisk(
  vm: VirtualMachine,
  needed: readonly DesiredDisk[],
  observed: ObservedMachine,
): BlockReason | undefined {
  for (const disk of needed) {
    if (observed.volumes.has(disk.spec.volume)) continue;
    if (isLost(vm, disk)) return lostVolume(disk);
    if (disk.blockedBy !== undefined) return disk.blockedBy;
  }
  return undefined;
}

function isLost(vm: VirtualMachine, disk: DesiredDisk): boolean {
  return (
    vm.status?.volumes?.some(({ volume, made }) => volume === disk.spec.volume && made === true) === true
  );
}

function lostVolume(disk: DesiredDisk): BlockReason {
  const message =
    `volume "${disk.spec.volume}" of disk "${disk.name}" was on the host and is gone; no empty one is made in its place: ` +
    "bring it back, or delete the machine and create it anew";
  return { reason: "VolumeMissing", message };
}

/** Contents that the next boot and the volumes still to be made need; one may serve several. */
function ensureContents(input: PlanInput, missing: readonly DesiredDisk[]): readonly Action[] {
  if (input.desired.type === "blocked") return [];
  const backing = missing.map((disk) => disk.content).filter((content) => content !== undefined);
  const contents = [...bootContentsOf(input.desired.machine), ...backing];
  const byVolume = new Map(contents.map((content) => [content.volume, content]));
  const because = "the machine is made from it";
  return [...byVolume.values()].map((content): Action => ({ type: "EnsureContent", content, because }));
}

function ensureVolume(disk: DesiredDisk): Action {
  return { type: "EnsureVolume", spec: disk.spec, because: `disk "${disk.name}" needs it` };
}

function crashLoop(vm: VirtualMachine): BlockReason {
  const failure = vm.status?.startFailure;
  const count = failure?.consecutiveFailCount ?? 0;
  const message = `${count} failures in a row, next start at ${failure?.retryAfterTime}; last: ${failure?.message}`;
  return { reason: "CrashLoopBackOff", message };
}

function whyStart(domain: ObservedDomain | undefined): string {
  return domain === undefined ? "it has no domain" : `its domain is shut off (${domain.reason})`;
}

function whyDefine(desired: DomainDefinition, domain: ObservedDomain | undefined): string {
  if (domain === undefined) return "it has no domain";
  if (domain.definition === undefined) return "its domain has no persistent definition";
  return `its definition differs in ${differences(desired, domain.definition).join(", ")}`;
}

/** The fields in which two definitions differ. */
export function differences(desired: DomainDefinition, found: DomainDefinition): readonly string[] {
  const before = new Map<string, unknown>(Object.entries(found));
  const after = new Map<string, unknown>(Object.entries(desired));
  const keys = new Set([...after.keys(), ...before.keys()]);
  return [...keys].filter((key) => !deepEqual(after.get(key), before.get(key)));
}
