import type { DomainDefinition, DomainVolume, ObservedDomain } from "../../drivers/driver.ts";
import { deepEqual } from "../../runtime/equal.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { type Action, type BlockReason, blocked, type Plan } from "./actions.ts";
import { startWaitMs } from "./backoff.ts";
import type { DesiredDisk } from "./desired.ts";
import { bootContentsOf } from "./desired.ts";
import type { ObservedMachine, PlanInput } from "./plan-input.ts";
import { grantedVolumes, type ResolvedVolume, waitingVolume } from "./volumes.ts";

/**
 * Keeps the persistent definition of a running machine true; the guest sees it at its next start. That a disk
 * is lost, or cannot be made, hinders nothing that runs, and is said.
 */
export function planDefinition(input: PlanInput, domain: ObservedDomain): Plan {
  const { desired, observed } = input;
  if (desired.type === "blocked") return { actions: [] };
  const missing = desired.machine.disks.filter((disk) => !observed.volumes.has(disk.spec.volume));
  const blockedBy = blockedDisk(input.vm, missing, observed);
  if (blockedBy !== undefined) return { actions: [], blockedBy };
  const define = isSameBesidesVolumes(input, desired.definition, domain)
    ? []
    : defineUnlessSame(desired.definition, domain);
  if (define.length === 0) return { actions: [] };
  return { actions: [...ensureContents(input, missing), ...missing.map(ensureVolume), ...define] };
}

/** The steps that bring a machine without a process to run, or why it has to wait. */
export function planStart(input: PlanInput): Plan {
  const { vm, desired, observed, mark, now } = input;
  const waitMs = startWaitMs(vm.status?.startFailure, now);
  if (waitMs > 0) return { actions: [], blockedBy: crashLoop(vm), requeueAfterMs: waitMs };
  if (desired.type === "blocked") return blocked(desired.blockedBy);
  const needed = desired.machine.disks.filter((disk) => isWanting(disk, observed));
  const { volumes } = desired.machine;
  const obstacle =
    nameTaken(observed) ??
    blockedDisk(vm, needed, observed) ??
    waitingVolume(volumes) ??
    missingVolume(volumes, observed) ??
    tooLarge(input);
  if (obstacle !== undefined) return blocked(obstacle);
  return {
    actions: [
      ...ensureContents(input, needed),
      ...needed.map(ensureVolume),
      ...growVolumes(volumes, observed),
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

/** What volumes alone differ in is attached and released; that needs no new definition. */
function isSameBesidesVolumes(
  { vm }: PlanInput,
  definition: DomainDefinition,
  { definition: found }: ObservedDomain,
): boolean {
  if (found === undefined) return false;
  if (definition.volumes === undefined && found.volumes === undefined) return deepEqual(definition, found);
  const { volumes: wanted = [], ...rest } = definition;
  const { volumes: present = [], ...foundRest } = found;
  const isAccounted = (volume: DomainVolume): boolean => {
    const same = wanted.find((other) => other.volume === volume.volume);
    if (same !== undefined) return deepEqual(same, volume);
    return vm.status?.attachedVolumes?.some((record) => record.volume === volume.volume) === true;
  };
  return deepEqual(rest, foundRest) && present.every(isAccounted);
}

function missingVolume(
  volumes: readonly ResolvedVolume[],
  observed: ObservedMachine,
): BlockReason | undefined {
  const missing = grantedVolumes(volumes).find(({ device }) => !observed.volumes.has(device.volume));
  if (missing === undefined) return undefined;
  const { name, volume } = missing.record;
  const message = `"${volume}", the data of volume "${name}", is not on the machine's host; see the Volume`;
  return { reason: "VolumeMissing", message };
}

/** Those that are to be larger; all of them are there. */
function growVolumes(volumes: readonly ResolvedVolume[], observed: ObservedMachine): readonly Action[] {
  const short = grantedVolumes(volumes).filter(
    ({ device, capacityBytes }) =>
      (observed.volumes.get(device.volume)?.capacityBytes ?? capacityBytes) < capacityBytes,
  );
  return short.map(({ device: { volume, format }, record, capacityBytes }): Action => {
    const because = `volume "${record.name}" is to grow`;
    return { type: "EnsureVolume", spec: { volume, capacityBytes, format }, because };
  });
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
    `volume "${disk.spec.volume}" of disk "${disk.name}" was on the host and is gone; ` +
    "no empty one is made in its place: " +
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
  const failures = count === 1 ? "1 failure" : `${count} failures in a row`;
  const message = `${failures}, next start at ${failure?.retryAfterTime}; last: ${failure?.message}`;
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
