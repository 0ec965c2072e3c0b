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
import { bootContentsOf, uidOf, volumePrefix } from "./desired.ts";
import { isActive, type Wanted } from "./run-strategy.ts";

/** What was seen on the machine's host, all of it after the last thing we did there. */
export interface ObservedMachine {
  readonly domain: ObservedDomain | undefined;
  readonly volumes: ReadonlyMap<string, ObservedVolume>;
  /** Another host on which a domain with this uid has a process, if any. */
  readonly activeElsewhere?: string;
  /** Somebody else's domain on the host that has the name which this machine's domain is to get. */
  readonly namesake?: ObservedDomain;
}

export interface PlanInput {
  readonly vm: VirtualMachine;
  readonly mark: OwnershipMark;
  readonly wanted: Wanted;
  readonly observed: ObservedMachine;
  /** The spec with its references followed and the domain that it asks for, or why that cannot be said. */
  readonly desired: Desired;
  /** Why the host cannot take the machine at its present size; of no matter while it runs. */
  readonly noRoom?: string | undefined;
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
  if (foreign !== undefined) return blocked(foreign);
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

function blocked(blockedBy: BlockReason): Plan {
  return { actions: [], blockedBy, requeueAfterMs: stillBlockedMs };
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
  if (observed.activeElsewhere !== undefined) return blocked(elsewhere(observed.activeElsewhere));
  const because = "it is being deleted";
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
  const recorded = (vm.status?.volumes ?? []).map(({ volume }) => volume);
  return new Set([...volumes.keys(), ...recorded].filter((volume) => volume.startsWith(prefix)));
}

function elsewhere(hostName: string): BlockReason {
  const message =
    `a domain with this machine's UUID has a process on host "${hostName}": it is neither started twice ` +
    "nor forgotten; stop that one by hand";
  return { reason: "Conflict", message };
}

function planStop(input: PlanInput, because: string): Plan {
  const { vm, mark, now } = input;
  const { domain } = input.observed;
  if (domain === undefined || !isActive(domain)) return { actions: [] };
  const graceMs = vm.spec.terminationGracePeriodSeconds * 1000;
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
function graceLeftMs({ spec, status }: VirtualMachine, now: number): number {
  const graceMs = spec.terminationGracePeriodSeconds * 1000;
  const requestedAt = status?.shutdownRequestedAt;
  return requestedAt === undefined ? graceMs : Math.min(graceMs, parseTime(requestedAt) + graceMs - now);
}

function planRun(input: PlanInput): Plan {
  const { domain, activeElsewhere } = input.observed;
  if (domain !== undefined && isActive(domain)) return planActive(input, domain);
  return activeElsewhere === undefined ? planStart(input) : blocked(elsewhere(activeElsewhere));
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
  if (desired.type === "blocked") return [];
  const define = defineUnlessSame(desired.definition, domain);
  if (define.length === 0) return [];
  const missing = desired.machine.disks.filter((disk) => !observed.volumes.has(disk.spec.volume));
  if (blockedDisk(input.vm, missing, observed) !== undefined) return [];
  return [...ensureContents(input, missing), ...missing.map(ensureVolume), ...define];
}

function planStart(input: PlanInput): Plan {
  const { vm, desired, observed, mark, now } = input;
  const waitMs = startWaitMs(vm.status?.startFailure, now);
  if (waitMs > 0) return { actions: [], blockedBy: crashLoop(vm), requeueAfterMs: waitMs };
  if (desired.type === "blocked") return blocked(desired.blockedBy);
  const needed = desired.machine.disks.filter((disk) => isWanting(disk, observed));
  const obstacle = nameTaken(observed) ?? blockedDisk(vm, needed, observed) ?? tooLarge(input);
  if (obstacle !== undefined) return blocked(obstacle);
  return {
    actions: [
      ...ensureContents(input, needed),
      ...needed.map(ensureVolume),
      ...defineUnlessSame(desired.definition, observed.domain),
      { type: "StartDomain", mark, because: whyStart(observed.domain) },
    ],
  };
}

function defineUnlessSame(
  definition: DomainDefinition,
  domain: ObservedDomain | undefined,
): readonly Action[] {
  if (deepEqual(definition, domain?.definition)) return [];
  return [{ type: "DefineDomain", definition, because: whyDefine(definition, domain) }];
}

function nameTaken({ namesake }: ObservedMachine): BlockReason | undefined {
  if (namesake === undefined) return undefined;
  const message =
    `domain "${namesake.domainName}" with UUID ${namesake.uid} has the name that this machine's domain ` +
    "is to get; it is left alone: rename or undefine it";
  return { reason: "Conflict", message };
}

function tooLarge({ vm, noRoom }: PlanInput): BlockReason | undefined {
  if (noRoom === undefined) return undefined;
  const message = `host "${vm.status?.hostName}" has no room for its present size: it is ${noRoom}`;
  return { reason: "Unschedulable", message };
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
