import type { HostFacts, ObservedDomain, PoolSpace } from "../../drivers/driver.ts";
import type { UnreachableReason } from "../../drivers/unreachable.ts";
import { formatTime } from "../../runtime/clock.ts";
import {
  type NewCondition,
  type Progress,
  removeCondition,
  setCondition,
  setProgress,
} from "../../schema/conditions.ts";
import {
  type Accelerator,
  duplicateReason,
  type Host,
  type HostSpec,
  type HostStatus,
  type Resources,
} from "../../schema/host.ts";
import type { Condition } from "../../schema/meta.ts";
import { parseQuantity } from "../../schema/quantity.ts";
import { fenceInForce } from "./fence.ts";
import type { HostLink } from "./host-link.ts";
import { settledPools } from "./settled-pools.ts";

/** Everything a host's status is computed from. */
export interface HostStatusInput {
  readonly host: Host;
  readonly link: HostLink;
  /** Our pool as last seen; undefined until then. */
  readonly pool: PoolSpace | undefined;
  /** Undefined while it is being found out. */
  readonly accelerator: Accelerator | undefined;
  /** Domains without our cluster's mark. */
  readonly foreign: readonly ObservedDomain[];
  /** Domains with our mark whose machine the store does not know. */
  readonly orphans: readonly ObservedDomain[];
  /** Domains of machines that are placed on another Host: older copies, or that Host leads here, too. */
  readonly strays: readonly ObservedDomain[];
  /** Why nothing of the host is started elsewhere, though it is away. */
  readonly massOutage: string | undefined;
  /** The name of the Host that stands for the same machine. */
  readonly duplicateOf: string | undefined;
  /** What the host has of a later placement than the store knows. */
  readonly newerPlacement: string | undefined;
  readonly now: number;
}

/** The status that tells what is seen of the host. */
export function hostStatus(input: HostStatusInput): HostStatus {
  const { host, link } = input;
  const common = {
    observedGeneration: host.metadata.generation ?? 0,
    conditions: [...conditions(input)],
  };
  if (link.state === "connected") return { ...connectedStatus(input, link.facts), ...common };
  const seen = link.state === "unreachable" ? link.lastSeenMs : undefined;
  const lastSeen = seen === undefined ? {} : { lastSeenTime: formatTime(seen) };
  const { fence: _ended, duplicateOf: _duplicate, ...before } = host.status ?? {};
  const fence = fenceInForce(host, input.now);
  return { ...before, ...lastSeen, ...(fence === undefined ? {} : { fence }), ...common };
}

function connectedStatus(input: HostStatusInput, facts: HostFacts): HostStatus {
  const { host, accelerator, foreign, orphans, strays, duplicateOf, pool = facts.pool } = input;
  const {
    accelerator: _accelerator,
    observedAccelerator: _observed,
    lastSeenTime: _seen,
    fence: _fence,
    duplicateOf: _duplicate,
    ...before
  } = host.status ?? {};
  const known = accelerator === undefined ? {} : { accelerator, observedAccelerator: host.spec.accelerator };
  return {
    ...before,
    ...known,
    ...(duplicateOf === undefined ? { hostUuid: facts.hostUuid } : { duplicateOf }),
    hostname: facts.hostname,
    architecture: facts.architecture,
    hypervisor: { ...facts.hypervisor },
    capacity: { ...capacityOf(facts) },
    allocatable: { ...allocatableOf(host, facts, [...foreign, ...orphans, ...strays]) },
    topology: { ...facts.topology },
    numa: facts.numa.map((cell) => ({ ...cell })),
    pools: settledPools(host.status?.pools ?? [], [pool, ...facts.otherPools]),
    foreignDomains: { total: foreign.length, ...takenBy(foreign) },
  };
}

function capacityOf(facts: HostFacts): Resources {
  const { cpus, memoryBytes, pool } = facts;
  return { cpus, memoryBytes, diskBytes: pool.capacityBytes };
}

/** What active domains take: those that are off take nothing. */
function takenBy(domains: readonly ObservedDomain[]) {
  const active = domains.filter((domain) => domain.state !== "shutoff");
  return {
    active: active.length,
    cpus: active.reduce((sum, domain) => sum + domain.cpus, 0),
    memoryBytes: active.reduce((sum, domain) => sum + domain.memoryBytes, 0),
  };
}

/** Capacity less what is reserved, times the ratios, less what active domains that are no machine's take. */
function allocatableOf({ spec }: Host, facts: HostFacts, others: readonly ObservedDomain[]): Resources {
  const taken = takenBy(others);
  const capacity = capacityOf(facts);
  const reserved = reservedBy(spec);
  const { cpu, memory, disk } = spec.overcommit;
  return {
    cpus: Math.max(0, (capacity.cpus - reserved.cpus) * cpu - taken.cpus),
    memoryBytes: whole((capacity.memoryBytes - reserved.memoryBytes) * memory - taken.memoryBytes),
    diskBytes: whole((capacity.diskBytes - reserved.diskBytes) * disk),
  };
}

/** A host that was stored before there was a reserve has none. */
function reservedBy({ reserved }: Partial<HostSpec>): Resources {
  return {
    cpus: reserved?.cpus ?? 0,
    memoryBytes: parseQuantity(reserved?.memory ?? "0") ?? 0,
    diskBytes: parseQuantity(reserved?.disk ?? "0") ?? 0,
  };
}

function whole(bytes: number): number {
  return Math.max(0, Math.floor(bytes));
}

function conditions(input: HostStatusInput): readonly Condition[] {
  const { host, link, massOutage, now } = input;
  const time = formatTime(now);
  const observedGeneration = host.metadata.generation ?? 0;
  const stamp = { observedGeneration, time };
  const progress = setProgress(host.status?.conditions ?? [], progressOf(input), stamp);
  const linked = setCondition(progress, { ...unreachableCondition(link), observedGeneration }, time);
  const ready =
    massOutage === undefined || link.state === "connected"
      ? removeCondition(linked, "MassOutage")
      : setCondition(linked, { ...held(massOutage), observedGeneration }, time);
  if (link.state !== "connected") return ready;
  return withOrphans(withNewer(ready, input), input);
}

/** The store was brought back from a backup. */
function withNewer(list: readonly Condition[], { host, newerPlacement, now }: HostStatusInput) {
  const type = "StoreIsOlder";
  if (newerPlacement === undefined) return removeCondition(list, type);
  const observedGeneration = host.metadata.generation ?? 0;
  const told = { type, status: "True" as const, reason: "NewerPlacement", message: newerPlacement };
  return setCondition(list, { ...told, observedGeneration }, formatTime(now));
}

function withOrphans(
  ready: readonly Condition[],
  { host, orphans, now }: HostStatusInput,
): readonly Condition[] {
  if (orphans.length === 0) return removeCondition(ready, "OrphanDomains");
  const names = orphans.slice(0, 20).map((domain) => domain.domainName);
  const more = orphans.length > names.length ? `, and ${orphans.length - names.length} more` : "";
  const message =
    `domains with this cluster's mark whose machine is unknown: ${names.join(", ")}${more}; ` +
    "they are left alone";
  const orphaned = { type: "OrphanDomains", status: "True" as const, reason: "UnknownMachine", message };
  const observedGeneration = host.metadata.generation ?? 0;
  return setCondition(ready, { ...orphaned, observedGeneration }, formatTime(now));
}

function held(message: string): Told {
  return { type: "MassOutage", status: "True", reason: "ManyHostsAway", message };
}

type Told = Omit<NewCondition, "observedGeneration">;

/** True, with the reason, as long as there is no link; since when is the transition's time. */
function unreachableCondition(link: HostLink): Told {
  const type = "Unreachable";
  switch (link.state) {
    case "connecting":
      return { type, status: "Unknown", reason: "Connecting", message: "no answer yet" };
    case "unreachable":
      return { type, status: "True", reason: link.reason, message: link.message };
    case "connected":
      return { type, status: "False", reason: "Connected", message: "libvirt answers" };
  }
}

function progressOf({ link, accelerator, duplicateOf }: HostStatusInput): Progress {
  switch (link.state) {
    case "connecting":
      return { ready: "Unknown", now: "Reconciling", reason: "Connecting", message: "no answer yet" };
    case "unreachable": {
      const now = needsPerson.has(link.reason) ? "Stalled" : "Reconciling";
      return { ready: "False", now, reason: link.reason, message: link.message };
    }
    case "connected": {
      if (duplicateOf !== undefined) {
        const message =
          `host "${duplicateOf}" is the same machine: both have UUID ${link.facts.hostUuid}; remove one of ` +
          "them, or, if they are two, give each a host_uuid in libvirtd.conf";
        return { ready: "False", now: "Stalled", reason: duplicateReason, message };
      }
      if (accelerator !== undefined) {
        return { ready: "True", reason: "Connected", message: `machines start with ${accelerator}` };
      }
      const message = "finding out with a probe guest whether kvm works";
      return { ready: "False", now: "Reconciling", reason: "ProbingAccelerator", message };
    }
  }
}

/** What no new attempt mends: somebody must say or change something, here or on the host. */
const needsPerson: ReadonlySet<UnreachableReason> = new Set([
  "AuthenticationFailed",
  "CertificateNotTrusted",
  "ForwardingRefused",
  "HostKeyChanged",
  "HostKeyRevoked",
  "HostKeyUnknown",
  "InvalidSettings",
  "SocketPermissionDenied",
]);
