import type { HostFacts, ObservedDomain } from "../../drivers/driver.ts";
import { formatTime } from "../../runtime/clock.ts";
import { type NewCondition, removeCondition, setCondition } from "../../schema/conditions.ts";
import type { Accelerator, Host, HostSpec, HostStatus, Resources } from "../../schema/host.ts";
import type { Condition } from "../../schema/meta.ts";
import { parseQuantity } from "../../schema/quantity.ts";
import type { HostLink } from "./host-session.ts";

/** Everything a host's status is computed from. */
export interface HostStatusInput {
  readonly host: Host;
  readonly link: HostLink;
  /** Undefined while it is being found out. */
  readonly accelerator: Accelerator | undefined;
  /** Domains without our cluster's mark. */
  readonly foreign: readonly ObservedDomain[];
  /** Domains with our mark whose machine the store does not know. */
  readonly orphans: readonly ObservedDomain[];
  readonly now: number;
}

/** The status that tells what is seen of the host. */
export function hostStatus(input: HostStatusInput): HostStatus {
  const { host, link, accelerator, foreign, orphans } = input;
  const { accelerator: _accelerator, observedAccelerator: _observed, ...before } = host.status ?? {};
  const common = {
    ...before,
    observedGeneration: host.metadata.generation ?? 0,
    conditions: [...conditions(input)],
  };
  if (link.state !== "connected") return { ...host.status, ...common };
  const { facts } = link;
  const known = accelerator === undefined ? {} : { accelerator, observedAccelerator: host.spec.accelerator };
  return {
    ...common,
    ...known,
    hostUuid: facts.hostUuid,
    hostname: facts.hostname,
    architecture: facts.architecture,
    hypervisor: { ...facts.hypervisor },
    capacity: { ...capacityOf(facts) },
    allocatable: { ...allocatableOf(host, facts, [...foreign, ...orphans]) },
    foreignDomains: foreign.length,
  };
}

function capacityOf(facts: HostFacts): Resources {
  return { cpus: facts.cpus, memoryBytes: facts.memoryBytes, diskBytes: facts.diskBytes };
}

/** Capacity less what is reserved, times the ratios, less what active domains that are no machine's take. */
function allocatableOf({ spec }: Host, facts: HostFacts, others: readonly ObservedDomain[]): Resources {
  const active = others.filter((domain) => domain.state !== "shutoff");
  const taken = (size: (domain: ObservedDomain) => number) =>
    active.reduce((sum, domain) => sum + size(domain), 0);
  const reserved = reservedBy(spec);
  const { cpu, memory, disk } = spec.overcommit;
  return {
    cpus: Math.max(0, (facts.cpus - reserved.cpus) * cpu - taken((domain) => domain.cpus)),
    memoryBytes: whole(
      (facts.memoryBytes - reserved.memoryBytes) * memory - taken((domain) => domain.memoryBytes),
    ),
    diskBytes: whole((facts.diskBytes - reserved.diskBytes) * disk),
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

function conditions({ host, link, accelerator, orphans, now }: HostStatusInput): readonly Condition[] {
  const time = formatTime(now);
  const observedGeneration = host.metadata.generation ?? 0;
  const ready = setCondition(
    host.status?.conditions ?? [],
    { ...readyCondition(link, accelerator), observedGeneration },
    time,
  );
  if (link.state !== "connected") return ready;
  if (orphans.length === 0) return removeCondition(ready, "OrphanDomains");
  const names = orphans.slice(0, 20).map((domain) => domain.domainName);
  const more = orphans.length > names.length ? `, and ${orphans.length - names.length} more` : "";
  const message =
    `domains with this cluster's mark whose machine is unknown: ${names.join(", ")}${more}; ` +
    "they are left alone";
  const orphaned = { type: "OrphanDomains", status: "True" as const, reason: "UnknownMachine", message };
  return setCondition(ready, { ...orphaned, observedGeneration }, time);
}

function readyCondition(
  link: HostLink,
  accelerator: Accelerator | undefined,
): Omit<NewCondition, "observedGeneration"> {
  switch (link.state) {
    case "connecting":
      return { type: "Ready", status: "Unknown", reason: "Connecting", message: "no answer yet" };
    case "unreachable":
      return { type: "Ready", status: "False", reason: "Unreachable", message: link.message };
    case "connected": {
      if (accelerator !== undefined) {
        return {
          type: "Ready",
          status: "True",
          reason: "Connected",
          message: `machines start with ${accelerator}`,
        };
      }
      const message = "finding out with a probe guest whether kvm works";
      return { type: "Ready", status: "False", reason: "ProbingAccelerator", message };
    }
  }
}
