import type { FilterName, Profile } from "./framework.ts";
import type { PlacementRequest } from "./request.ts";
import { type RoomTrial, trialByAmounts, trialByRules } from "./room-trial.ts";
import { feasibleRows, prepare } from "./schedule.ts";
import type { PlacedMachine, Snapshot } from "./snapshot.ts";

/** Machines of lower priority that would have to stop so that another fits on their host. */
export interface Preemption {
  readonly hostName: string;
  readonly victims: readonly PlacedMachine[];
}

/** Filters that no machine's leaving makes pass. */
const fixedFilters: ReadonlySet<FilterName> = new Set([
  "HostReady",
  "HostUnschedulable",
  "AcceleratorKnown",
  "Architecture",
  "VolumeBinding",
  "TaintToleration",
  "HostSelector",
  "HostAffinity",
]);

interface Candidate extends Preemption {
  readonly cost: Cost;
}

interface Cost {
  /** How many victims there are of each priority, the highest first. */
  readonly priorities: readonly (readonly [priority: number, count: number])[];
  readonly victims: number;
  readonly memoryBytes: number;
  readonly cpus: number;
}

/**
 * The host on which the least harm makes room for a machine that fits nowhere: the fewest victims of the
 * highest priority, of the next, and so on; then the smallest victims; then the first in host order. All
 * victims are of lower priority and on that one host, and none could be spared. Nothing when the machine's
 * `preemptionPolicy` is `Never`. Leaves the snapshot as it was.
 */
export function preempt(
  request: PlacementRequest,
  snapshot: Snapshot,
  profile: Profile,
): Preemption | undefined {
  if (request.preemptionPolicy === "Never") return undefined;
  const { filters } = profile;
  const fixed = { ...profile, scores: [], filters: filters.filter(({ name }) => fixedFilters.has(name)) };
  const movable = { ...profile, scores: [], filters: filters.filter(({ name }) => !fixedFilters.has(name)) };
  const rows = candidateRows(request, snapshot, fixed);
  const hasRules = prepare(request, snapshot, movable).filters.some(({ name }) => name !== "ResourcesFit");
  let best: Candidate | undefined;
  for (const row of rows) {
    const trial = hasRules
      ? trialByRules(request, row, snapshot, movable)
      : trialByAmounts(request, row, snapshot);
    const candidate = leastHarm(row, request, snapshot, trial);
    if (candidate === undefined) continue;
    if (best === undefined || compareCosts(candidate.cost, best.cost) < 0) best = candidate;
  }
  return best && { hostName: best.hostName, victims: best.victims };
}

/** Hosts that nothing keeps the machine from but what machines of lower priority have. */
function candidateRows(request: PlacementRequest, snapshot: Snapshot, profile: Profile): readonly number[] {
  const { rows, count } = feasibleRows(snapshot, prepare(request, snapshot, profile));
  return [...rows.subarray(0, count)].filter((row) => couldHaveRoom(row, request, snapshot));
}

function couldHaveRoom(row: number, { resources, priority }: PlacementRequest, snapshot: Snapshot): boolean {
  const { freeCpus, freeMemory, freeDisk } = snapshot.hosts.columns;
  let cpus = freeCpus[row] ?? 0;
  let memory = freeMemory[row] ?? 0;
  const disk = freeDisk[row] ?? 0;
  let hasVictims = false;
  for (const { request } of snapshot.machinesOn(row)) {
    if (!request.preemptible || request.priority >= priority) continue;
    hasVictims = true;
    cpus += request.resources.cpus;
    memory += request.resources.memoryBytes;
  }
  return (
    hasVictims && cpus >= resources.cpus && memory >= resources.memoryBytes && disk >= resources.diskBytes
  );
}

/**
 * Has all machines of lower priority make room and gives it back, the most important first, to those that
 * can stay.
 */
function leastHarm(
  row: number,
  request: PlacementRequest,
  snapshot: Snapshot,
  trial: RoomTrial,
): Candidate | undefined {
  const isLower = (one: PlacedMachine) => one.request.preemptible && one.request.priority < request.priority;
  const lower = [...snapshot.machinesOn(row)].filter(isLower);
  for (const machine of lower) trial.leave(machine);
  let victims: readonly PlacedMachine[] = lower;
  try {
    if (!trial.fits()) return undefined;
    victims = spare(lower, trial);
    return { hostName: snapshot.hosts.nameOf(row), victims, cost: costOf(victims) };
  } finally {
    for (const machine of victims) trial.stay(machine);
  }
}

/**
 * Of one priority the small ones stay first, so that the fewest must go; then a smaller victim is put in the
 * place of a larger one wherever that is enough. In the end none can be spared: what nearness and spreading
 * make of a machine depends on the others.
 */
function spare(lower: readonly PlacedMachine[], trial: RoomTrial): readonly PlacedMachine[] {
  const kept = new Set<PlacedMachine>();
  const stays = (machine: PlacedMachine): boolean => {
    trial.stay(machine);
    if (trial.fits()) return true;
    trial.leave(machine);
    return false;
  };
  const inOrder = [...lower].sort(compareImportance);
  for (const machine of inOrder) if (stays(machine)) kept.add(machine);
  for (const victim of inOrder.filter((machine) => !kept.has(machine))) {
    const smaller = inOrder.find((machine) => {
      if (!kept.has(machine) || !isSmaller(machine, victim)) return false;
      trial.leave(machine);
      if (stays(victim)) return true;
      trial.stay(machine);
      return false;
    });
    if (smaller === undefined) continue;
    kept.delete(smaller);
    kept.add(victim);
  }
  return sparedNone(
    inOrder.filter((machine) => !kept.has(machine)),
    stays,
  );
}

/** Tries every victim once more for as long as one can be spared. */
function sparedNone(
  victims: readonly PlacedMachine[],
  stays: (machine: PlacedMachine) => boolean,
): readonly PlacedMachine[] {
  const left = victims.filter((victim) => !stays(victim));
  return left.length === victims.length ? left : sparedNone(left, stays);
}

function isSmaller({ request: one }: PlacedMachine, { request: other }: PlacedMachine): boolean {
  return one.priority === other.priority && compareSizes(one, other) < 0;
}

/** The higher priority first, then the smaller, then by name: the order in which machines are spared. */
function compareImportance({ request: left }: PlacedMachine, { request: right }: PlacedMachine): number {
  if (left.priority !== right.priority) return right.priority - left.priority;
  return compareSizes(left, right) || (left.uid < right.uid ? -1 : 1);
}

function compareSizes({ resources: left }: PlacementRequest, { resources: right }: PlacementRequest): number {
  return left.memoryBytes - right.memoryBytes || left.cpus - right.cpus || left.diskBytes - right.diskBytes;
}

function costOf(victims: readonly PlacedMachine[]): Cost {
  const counts = new Map<number, number>();
  for (const { request } of victims) counts.set(request.priority, (counts.get(request.priority) ?? 0) + 1);
  return {
    priorities: [...counts].sort(([left], [right]) => right - left),
    victims: victims.length,
    memoryBytes: victims.reduce((sum, { request }) => sum + request.resources.memoryBytes, 0),
    cpus: victims.reduce((sum, { request }) => sum + request.resources.cpus, 0),
  };
}

function compareCosts(left: Cost, right: Cost): number {
  return (
    comparePriorities(left.priorities, right.priorities) ||
    left.victims - right.victims ||
    left.memoryBytes - right.memoryBytes ||
    left.cpus - right.cpus
  );
}

/** The lower highest priority is less, then the fewer of it, then the same of the next. */
function comparePriorities(left: Cost["priorities"], right: Cost["priorities"]): number {
  for (let place = 0; place < Math.max(left.length, right.length); place += 1) {
    const [leftPriority, leftCount] = left[place] ?? [Number.NEGATIVE_INFINITY, 0];
    const [rightPriority, rightCount] = right[place] ?? [Number.NEGATIVE_INFINITY, 0];
    if (leftPriority !== rightPriority) return leftPriority < rightPriority ? -1 : 1;
    if (leftCount !== rightCount) return leftCount - rightCount;
  }
  return 0;
}
