import type { DomainVolume, ObservedDomain } from "../../drivers/driver.ts";
import { parseTime } from "../../runtime/clock.ts";
import type { AttachedVolume, VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Action, Plan } from "./actions.ts";
import type { Desired, PlanInput } from "./plan-input.ts";
import { type DesiredVolume, deviceOf, grantedVolumes } from "./volumes.ts";

type Steps = Pick<Plan, "actions" | "requeueAfterMs">;

const firstWaitMs = 5_000;
const lastWaitMs = 60_000;

/**
 * Brings a running machine's volumes to what its spec says: what may be taken is attached, what is not named
 * any more is asked back, each time after a longer while and never by force.
 */
export function planVolumes(input: PlanInput, domain: ObservedDomain): Steps {
  const { mark, observed } = input;
  const { live } = observed;
  if (live === undefined) return { actions: [] };
  const defined = definedVolumes(domain);
  const wanted = wantedVolumes(input.desired);
  const isWhole = ({ device: { volume } }: DesiredVolume) =>
    live.has(volume) && (domain.definition === undefined || defined.has(volume));
  const attach = wanted
    .filter((volume) => !isWhole(volume) && (volume.unusable === undefined || live.has(volume.device.volume)))
    .map(({ device, record }): Action => {
      const because = `disk "${record.disk}" is volume "${record.name}"`;
      return { type: "AttachVolume", mark, volume: device, because };
    });
  const { actions: detach, ...wait } = planReleases(input, [...live.keys(), ...defined.keys()]);
  return { actions: [...attach, ...detach, ...planGrowth(input, wanted, live)], ...wait };
}

/** A machine without a process gives volumes back at once: only its definition has them. */
export function planDefinedReleases(input: PlanInput): readonly Action[] {
  const { domain } = input.observed;
  return domain === undefined ? [] : planReleases(input, [...definedVolumes(domain).keys()]).actions;
}

/** What is written down for the machine, and no disk of its spec is any more. */
export function unwantedVolumes({
  vm,
  desired,
}: Pick<PlanInput, "vm" | "desired">): readonly AttachedVolume[] {
  const records = vm.status?.attachedVolumes ?? [];
  const wanted = wantedVolumes(desired);
  return records.filter((record) =>
    desired.type === "resolved"
      ? !wanted.some(({ record: { uid, disk } }) => record.uid === uid && record.disk === disk)
      : !isNamed(vm.spec, record),
  );
}

/** Whether something is written down for the machine that its spec, taken by itself, does not name. */
export function givesUpVolumes({ spec, status }: VirtualMachine): boolean {
  const records = status?.attachedVolumes ?? [];
  return records.some((record) => !isNamed(spec, record));
}

function isNamed({ disks }: VirtualMachine["spec"], { disk, name }: AttachedVolume): boolean {
  return disks.some((named) => named.name === disk && named.volume === name);
}

function wantedVolumes(desired: Desired): readonly DesiredVolume[] {
  return desired.type === "resolved" ? grantedVolumes(desired.machine.volumes) : [];
}

function definedVolumes({ definition }: ObservedDomain): ReadonlyMap<string, DomainVolume> {
  return new Map((definition?.volumes ?? []).map((volume) => [volume.volume, volume]));
}

function planReleases(input: PlanInput, present: readonly string[]): Steps {
  const { mark, now, observed } = input;
  const held = unwantedVolumes(input).filter(({ volume }) => present.includes(volume));
  // Only a guest needs time to let go of what it has.
  const due = held.filter((record) => !observed.live?.has(record.volume) || askWaitMs(record, now) <= 0);
  const waitsMs = held.filter((record) => !due.includes(record)).map((record) => askWaitMs(record, now));
  const actions = due.map((record): Action => {
    const because = `no disk is volume "${record.name}" any more`;
    return { type: "DetachVolume", mark, volume: deviceOf(record), because };
  });
  return waitsMs.length === 0 ? { actions } : { actions, requeueAfterMs: Math.min(...waitsMs) };
}

/** Milliseconds until the guest may be asked again; none when the clock was set back since it was. */
function askWaitMs({ detachRequestedAt, detachRequests = 0 }: AttachedVolume, now: number): number {
  if (detachRequestedAt === undefined || parseTime(detachRequestedAt) > now) return 0;
  const waitMs = Math.min(lastWaitMs, firstWaitMs * 2 ** Math.max(0, detachRequests - 1));
  return parseTime(detachRequestedAt) + waitMs - now;
}

function planGrowth(
  { mark, observed }: PlanInput,
  wanted: readonly DesiredVolume[],
  live: ReadonlyMap<string, DomainVolume>,
): readonly Action[] {
  const short = wanted.filter(({ device, capacityBytes }) => {
    const seen = observed.volumes.get(device.volume);
    return live.has(device.volume) && seen !== undefined && seen.capacityBytes < capacityBytes;
  });
  return short.map(({ device, record, capacityBytes }): Action => {
    const because = `volume "${record.name}" is to grow`;
    return { type: "GrowVolume", mark, volume: device, capacityBytes, because };
  });
}
