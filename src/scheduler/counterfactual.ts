import { applyChanges, type Change, describeChange, type MovedMachine } from "./change.ts";
import { type Check, type Obstacle, obstacleChecks } from "./counterfactual-checks.ts";
import type { FilterName, Profile } from "./framework.ts";
import type { PlacementRequest } from "./request.ts";
import { prepare, schedule } from "./schedule.ts";
import type { PlacedMachine, Snapshot } from "./snapshot.ts";

/** What would have to change so that a machine fits on one host. */
export interface Counterfactual {
  readonly hostName: string;
  /** All of them together. */
  readonly changes: readonly Change[];
  /**
   * How much of a change it is, to compare with others: asking for less counts for the share of what was
   * asked for,
   * a rule, a taint, a cordon or a machine that leaves for a half each, a step of skew for a fifth, a host
   * that must
   * come back for two.
   */
  readonly size: number;
  /** One instruction for people. */
  readonly message: string;
}

interface Candidate {
  readonly row: number;
  readonly changes: readonly Change[];
  readonly moves: readonly PlacedMachine[];
  readonly size: number;
}

const wanted = 3;
/** So many that work, of which the best are told: only trying shows whether a machine must stop. */
const enough = 8;
const maxTries = 60;
const moveSize = 0.5;
/** What stopping is more than moving. */
const stopSize = 0.5;
/** Filters that a change of the host, not of the machine, makes pass. */
const hostFilters: ReadonlySet<FilterName> = new Set(["HostReady", "HostUnschedulable", "AcceleratorKnown"]);

/**
 * The smallest changes that would make a machine fit which fits nowhere now: at most three, the smallest
 * first, and
 * as long as there are any of different kinds. Each has been tried. Leaves the snapshot as it was.
 */
export function counterfactuals(
  request: PlacementRequest,
  snapshot: Snapshot,
  profile: Profile,
): readonly Counterfactual[] {
  const candidates = findCandidates(request, snapshot);
  const found: Counterfactual[] = [];
  for (const candidate of firstOfEachKind(candidates, kindOf).slice(0, maxTries)) {
    if (found.length >= enough) break;
    const counterfactual = tryOut(candidate, request, snapshot, profile);
    if (counterfactual !== undefined) found.push(counterfactual);
  }
  const kinds = firstOfEachKind(found.sort(bySize), ({ changes }) => changes.map(describeKind).join(" "));
  return kinds.slice(0, wanted).sort(bySize);
}

function findCandidates(request: PlacementRequest, snapshot: Snapshot): readonly Candidate[] {
  const checks = obstacleChecks(request, snapshot);
  const candidates = Array.from(snapshot.hosts.order(), (row) => candidatesOn(row, checks)).flat();
  return candidates.sort(bySize);
}

/**
 * At most two for a host: by changing rules wherever that helps, and by moving machines wherever that does.
 */
function candidatesOn(row: number, checks: readonly Check[]): readonly Candidate[] {
  const obstacles = checks.map((check) => check(row)).filter((obstacle) => obstacle !== undefined);
  if (obstacles.length === 0) return [];
  if (obstacles.some(({ change, moves }) => change === undefined && moves === undefined)) return [];
  const byRules = combine(row, obstacles, (obstacle) => obstacle.change === undefined);
  const canMove = obstacles.some(({ change, moves }) => change !== undefined && moves !== undefined);
  if (!canMove) return [byRules];
  return [byRules, combine(row, obstacles, (obstacle) => obstacle.moves !== undefined)];
}

function combine(
  row: number,
  obstacles: readonly Obstacle[],
  byMoving: (obstacle: Obstacle) => boolean,
): Candidate {
  const changes: Change[] = [];
  const moves = new Set<PlacedMachine>();
  let size = 0;
  for (const obstacle of obstacles) {
    if (byMoving(obstacle)) {
      for (const machine of obstacle.moves ?? []) moves.add(machine);
      continue;
    }
    changes.push(...(obstacle.change?.changes ?? []));
    size += obstacle.change?.size ?? 0;
  }
  return { row, changes, moves: [...moves], size: size + moves.size * moveSize };
}

function bySize(left: { readonly size: number }, right: { readonly size: number }): number {
  return left.size - right.size;
}

function kindOf({ changes, moves }: Candidate): string {
  return [...changes.map(({ type }) => type), moves.length > 0].join(" ");
}

/** To move machines is one thing, to stop some of them another. */
function describeKind(change: Change): string {
  if (change.type !== "MoveMachines") return change.type;
  return change.machines.every(({ destination }) => destination !== undefined) ? "move" : "stop";
}

/** The first of each kind, then all others, both in their order. */
function firstOfEachKind<T>(all: readonly T[], kind: (one: T) => string): readonly T[] {
  const seen = new Set<string>();
  const first = new Set<T>();
  for (const one of all) {
    const name = kind(one);
    if (seen.has(name)) continue;
    seen.add(name);
    first.add(one);
  }
  return [...first, ...all.filter((one) => !first.has(one))];
}

/** Carries the changes out on the snapshot, asks all rules again, and takes them back. */
function tryOut(
  { row, changes, moves, size }: Candidate,
  request: PlacementRequest,
  snapshot: Snapshot,
  profile: Profile,
): Counterfactual | undefined {
  const hostName = snapshot.hosts.nameOf(row);
  const changed = applyChanges(request, changes);
  for (const { request: moved } of moves) snapshot.forget(moved.uid);
  try {
    const { filters } = prepare(changed, snapshot, profile);
    const asked = filters.filter(({ name }) => !hostFilters.has(name));
    if (asked.some(({ refusal }) => refusal(row) !== undefined)) return undefined;
    const machines = moves.length === 0 ? [] : findDestinations(moves, changed, hostName, snapshot, profile);
    const all = machines.length === 0 ? changes : [...changes, { type: "MoveMachines" as const, machines }];
    const message = `on ${hostName}: ${all.map(describeChange).join("; ")}`;
    const stopped = machines.filter(({ destination }) => destination === undefined);
    return { hostName, changes: all, size: size + stopped.length * stopSize, message };
  } finally {
    for (const { request: moved, hostName: origin } of moves) snapshot.assume(moved, origin);
  }
}

/** Where each machine that leaves would fit, with the newcomer in its place and those before it elsewhere. */
function findDestinations(
  moves: readonly PlacedMachine[],
  newcomer: PlacementRequest,
  hostName: string,
  snapshot: Snapshot,
  profile: Profile,
): readonly MovedMachine[] {
  const trial = { ...newcomer, uid: `trial of ${newcomer.uid}` };
  snapshot.assume(trial, hostName);
  const placed: string[] = [];
  try {
    return moves.map(({ request }) => {
      const { uid, namespace, name } = request;
      const placement = schedule(request, snapshot, profile);
      if (placement.type === "unschedulable") return { uid, namespace, name };
      snapshot.assume(request, placement.hostName);
      placed.push(uid);
      return { uid, namespace, name, destination: placement.hostName };
    });
  } finally {
    snapshot.forget(trial.uid);
    for (const uid of placed) snapshot.forget(uid);
  }
}
