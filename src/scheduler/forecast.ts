import type { Resources } from "../schema/host.ts";
import { counterfactuals } from "./counterfactual.ts";
import type { Profile } from "./framework.ts";
import { resourcesFit } from "./plugins/resources-fit.ts";
import type { PlacementRequest } from "./request.ts";
import { schedule } from "./schedule.ts";
import type { PlacedMachine, Snapshot } from "./snapshot.ts";

/** A machine as it would be written down. */
export interface PlannedMachine {
  readonly request: PlacementRequest;
  /** Where it is now. */
  readonly hostName?: string | undefined;
}

export interface ForecastInput {
  /** Changed by the forecast. */
  readonly snapshot: Snapshot;
  readonly machines: readonly PlannedMachine[];
  /** Hosts that fail, with all that is on them. */
  readonly loseHosts: readonly string[];
  /** Hosts that are to be emptied. */
  readonly drainHosts: readonly string[];
  /** Whether all machines that could be elsewhere are placed anew. */
  readonly placeAll: boolean;
  profileOf(request: PlacementRequest): Profile;
}

/** What would become of one machine. */
export interface ForecastEntry {
  readonly namespace: string;
  readonly name: string;
  /**
   * `Stuck`: it would have to leave its host, but its disks are there. `NoRoom`: its host cannot give it its
   * new size.
   */
  readonly outcome: "Placed" | "Stays" | "Moves" | "Stuck" | "NoRoom" | "Unschedulable";
  readonly hostName?: string;
  readonly from?: string;
  readonly message: string;
  readonly suggestions?: readonly string[];
}

/** What a host would have promised. */
export interface HostForecast {
  readonly name: string;
  readonly allocatable: Resources;
  readonly before: Resources;
  readonly after: Resources;
}

export interface Forecast {
  readonly entries: readonly ForecastEntry[];
  readonly hosts: readonly HostForecast[];
}

/** Machines for which it is found out what would make them fit: that takes long. */
const suggestionsMax = 10;

/**
 * What would happen, by the same rules by which it would be decided. Yields after each machine, so that a
 * caller can let others go on meanwhile; nobody else may change the snapshot until it is done.
 */
export function* forecast(input: ForecastInput): Generator<undefined, Forecast> {
  const { snapshot } = input;
  const before = promisesOf(snapshot);
  const homeless = evict(input);
  const entries: ForecastEntry[] = [];
  let suggested = 0;
  for (const machine of [...homeless, ...input.machines]) {
    const entry = place(input, machine, suggested < suggestionsMax);
    if (entry.suggestions !== undefined) suggested += 1;
    entries.push(entry);
    yield;
  }
  const after = promisesOf(snapshot);
  const hosts = [...before].map(([name, { allocatable, promised }]) => ({
    name,
    allocatable,
    before: promised,
    after: after.get(name)?.promised ?? promised,
  }));
  return { entries, hosts };
}

/** Takes the machines off the hosts that they cannot stay on, or need not. */
function evict({ snapshot, loseHosts, drainHosts, placeAll }: ForecastInput): readonly PlannedMachine[] {
  const closed = new Set([...loseHosts, ...drainHosts]);
  const leaving = [...snapshot.placements].filter(
    (machine) => closed.has(machine.hostName) || (placeAll && !hasData(machine)),
  );
  for (const name of closed) {
    const host = snapshot.host(name);
    if (host !== undefined)
      snapshot.setHost({ ...host, unschedulable: true, ready: !loseHosts.includes(name) });
  }
  const free = leaving.filter((machine) => !hasData(machine));
  for (const { request } of free) snapshot.forget(request.uid);
  return leaving.sort((a, b) => b.request.priority - a.request.priority);
}

/** Disks do not move by themselves. */
function hasData({ request: { resources, volumeHosts } }: PlacedMachine): boolean {
  return resources.diskBytes > 0 || volumeHosts.length > 0;
}

function place(input: ForecastInput, machine: PlannedMachine, withSuggestions: boolean): ForecastEntry {
  const { snapshot, profileOf } = input;
  const { request, hostName: from } = machine;
  const { namespace, name } = request;
  const placed = snapshot.placed(request.uid);
  if (placed !== undefined) return stay(input, machine, placed);
  const placement = schedule(request, snapshot, profileOf(request));
  if (placement.type === "placed") {
    const { hostName } = placement;
    snapshot.assume(request, hostName);
    snapshot.noteUsed(hostName);
    if (from === undefined)
      return { namespace, name, outcome: "Placed", hostName, message: `on ${hostName}` };
    if (from === hostName)
      return { namespace, name, outcome: "Stays", hostName, message: `stays on ${hostName}` };
    return { namespace, name, outcome: "Moves", hostName, from, message: `from ${from} to ${hostName}` };
  }
  const found = withSuggestions ? counterfactuals(request, snapshot, profileOf(request)) : [];
  return {
    namespace,
    name,
    outcome: "Unschedulable",
    ...(from === undefined ? {} : { from }),
    message: placement.message,
    ...(found.length === 0 ? {} : { suggestions: found.map(({ message }) => message) }),
  };
}

/** A machine that keeps its host, whether it wants to or not. */
function stay(
  { snapshot, loseHosts, drainHosts }: ForecastInput,
  { request }: PlannedMachine,
  placed: PlacedMachine,
): ForecastEntry {
  const { hostName } = placed;
  const head = { namespace: request.namespace, name: request.name, hostName };
  if (loseHosts.includes(hostName)) {
    return { ...head, outcome: "Stuck", message: `its disks are on ${hostName} and would be out of reach` };
  }
  if (drainHosts.includes(hostName)) {
    return { ...head, outcome: "Stuck", message: `its disks are on ${hostName}: move or delete it by hand` };
  }
  snapshot.forget(request.uid);
  const row = snapshot.hosts.rowOf(hostName) ?? -1;
  const isMore = exceeds(request.resources, placed.request.resources);
  const lacking = isMore ? resourcesFit.prepare(request, snapshot)?.refusal(row) : undefined;
  snapshot.assume(lacking === undefined ? request : placed.request, hostName);
  return lacking === undefined
    ? { ...head, outcome: "Stays", message: `stays on ${hostName}` }
    : { ...head, outcome: "NoRoom", message: `${hostName} has no room for its new size: it is ${lacking}` };
}

function exceeds(asked: Resources, promised: Resources): boolean {
  return (
    asked.cpus > promised.cpus ||
    asked.memoryBytes > promised.memoryBytes ||
    asked.diskBytes > promised.diskBytes
  );
}

type Promises = ReadonlyMap<string, { readonly allocatable: Resources; readonly promised: Resources }>;

function promisesOf({ hosts }: Snapshot): Promises {
  const { allocatableCpus, allocatableMemory, allocatableDisk } = hosts.columns;
  const { promisedCpus, promisedMemory, promisedDisk } = hosts.columns;
  const resources = (
    cpus: Float64Array,
    memory: Float64Array,
    disk: Float64Array,
    row: number,
  ): Resources => ({
    cpus: cpus[row] ?? 0,
    memoryBytes: memory[row] ?? 0,
    diskBytes: disk[row] ?? 0,
  });
  return new Map(
    Array.from(hosts.order(), (row) => {
      const allocatable = resources(allocatableCpus, allocatableMemory, allocatableDisk, row);
      const promised = resources(promisedCpus, promisedMemory, promisedDisk, row);
      return [hosts.nameOf(row), { allocatable, promised }] as const;
    }),
  );
}
