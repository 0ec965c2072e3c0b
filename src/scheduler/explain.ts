import { type FilterName, filterNames, type HostScore, type Profile } from "./framework.ts";
import { addPoints, settled } from "./normalize.ts";
import type { PlacementRequest } from "./request.ts";
import { feasibleRows, type PreparedRules, prepare, refusalMessage } from "./schedule.ts";
import type { Feasible } from "./sift.ts";
import type { Snapshot } from "./snapshot.ts";

/** Why a machine is to be where it is to be, or why it can be nowhere: every rule asked of every host. */
export interface Explanation {
  readonly namespace: string;
  readonly name: string;
  readonly policy: string;
  /** The host that is chosen; absent when none can take the machine. */
  readonly winner?: string;
  /** One sentence for people. */
  readonly message: string;
  readonly hostCount: number;
  readonly feasibleCount: number;
  /**
   * The best hosts, best first, then those with the fewest refusals, and those that were asked for by name.
   */
  readonly hosts: readonly HostExplanation[];
  /** All other hosts by what they have in common, the most first. */
  readonly others: readonly HostGroup[];
}

export interface HostExplanation {
  readonly hostName: string;
  /** What each filter says, in the order in which they are asked: every one, also after a refusal. */
  readonly filters: readonly FilterVerdict[];
  /**
   * The points of a host that can take the machine, by preference; those that make no difference are left
   * out.
   */
  readonly scores?: readonly PluginScore[];
  readonly total?: number;
}

export interface FilterVerdict {
  readonly plugin: FilterName;
  readonly passed: boolean;
  readonly reason?: string;
}

export interface PluginScore {
  readonly plugin: string;
  /** 0 to 100. */
  readonly points: number;
  readonly weight: number;
}

/**
 * Hosts with the same refusals; none where they could take the machine and others are better. Where there
 * are too
 * many groups the last one is all the rest, "for other reasons".
 */
export interface HostGroup {
  readonly refusals: readonly { readonly plugin: FilterName; readonly reason: string }[];
  readonly hostCount: number;
  readonly examples: readonly string[];
}

export interface ExplainOptions {
  /** How many hosts are told of in full; 10 when not given. */
  readonly detailed?: number;
  /** Hosts that are told of in full whatever they are. */
  readonly hostNames?: ReadonlySet<string>;
}

const defaultDetailed = 10;
const maxGroups = 20;
const maxExamples = 3;

/** What `schedule` would decide now, and all that it is made of. Changes nothing. */
export function explain(
  request: PlacementRequest,
  snapshot: Snapshot,
  profile: Profile,
  { detailed = defaultDetailed, hostNames = new Set() }: ExplainOptions = {},
): Explanation {
  const prepared = prepare(request, snapshot, profile);
  const ranking = rank(snapshot, prepared);
  const refused = refusedRows(snapshot, prepared);
  const ordered = [...ranking.map(({ row }) => row), ...refused.map(({ row }) => row)];
  const isDetailed = (row: number, place: number) =>
    place < detailed || hostNames.has(snapshot.hosts.nameOf(row));
  const shown = ordered.filter(isDetailed);
  const [best] = ranking;
  const winner = best === undefined ? {} : { winner: snapshot.hosts.nameOf(best.row) };
  const hostCount = ordered.length;
  return {
    namespace: request.namespace,
    name: request.name,
    policy: profile.name,
    ...winner,
    message:
      best === undefined ? refusalMessage(snapshot, prepared) : winMessage(winner.winner, ranking, hostCount),
    hostCount,
    feasibleCount: ranking.length,
    hosts: shown.map((row) => explainHost(snapshot, prepared, row, ranking)),
    others: groupHosts(
      snapshot,
      prepared,
      ordered.filter((row, place) => !isDetailed(row, place)),
    ),
  };
}

interface Ranked {
  readonly row: number;
  readonly scores: readonly PluginScore[];
  readonly total: number;
}

/** The hosts that pass every filter, the one that is chosen first. */
function rank(snapshot: Snapshot, prepared: PreparedRules): readonly Ranked[] {
  const { rows, count } = feasibleRows(snapshot, prepared);
  const columns = prepared.scores.map((score) => pointsOf(score, { rows, count }, snapshot));
  const ranked = Array.from(rows.subarray(0, count), (row, place) => {
    const scores = prepared.scores.map(({ name, weight }, index) => ({
      plugin: name,
      points: columns[index]?.[place] ?? 0,
      weight,
    }));
    const sum = scores.reduce((total, { points, weight }) => total + weight * points, 0);
    return { row, scores, total: settled(sum) };
  });
  return ranked.sort((left, right) => right.total - left.total);
}

function pointsOf(
  { values, normalization }: HostScore,
  feasible: Feasible,
  { scratch }: Snapshot,
): Float64Array {
  const points = scratch.floats(feasible.count);
  addPoints(points, values(feasible.rows, feasible.count), feasible, 1, normalization);
  return points;
}

/** The hosts that some filter refuses, those with the fewest refusals first. */
function refusedRows(
  { hosts }: Snapshot,
  prepared: PreparedRules,
): readonly { readonly row: number; readonly refusals: number }[] {
  const refused = Array.from(hosts.order(), (row) => {
    const refusals = prepared.filters.filter(({ refusal }) => refusal(row) !== undefined).length;
    return { row, refusals };
  });
  return refused.filter(({ refusals }) => refusals > 0).sort((left, right) => left.refusals - right.refusals);
}

function explainHost(
  { hosts }: Snapshot,
  prepared: PreparedRules,
  row: number,
  ranking: readonly Ranked[],
): HostExplanation {
  const ranked = ranking.find((one) => one.row === row);
  return {
    hostName: hosts.nameOf(row),
    filters: filterNames.map((plugin) => {
      const reason = prepared.filters.find(({ name }) => name === plugin)?.refusal(row);
      return reason === undefined ? { plugin, passed: true } : { plugin, passed: false, reason };
    }),
    ...(ranked === undefined ? {} : { scores: ranked.scores, total: ranked.total }),
  };
}

function groupHosts(
  { hosts }: Snapshot,
  prepared: PreparedRules,
  rows: readonly number[],
): readonly HostGroup[] {
  const groups = new Map<
    string,
    { refusals: HostGroup["refusals"]; hostCount: number; examples: string[] }
  >();
  for (const row of rows) {
    const refusals = refusalsOf(prepared, row);
    const key = refusals.map(({ reason }) => reason).join("\n");
    const group = groups.get(key) ?? { refusals, hostCount: 0, examples: [] };
    groups.set(key, group);
    group.hostCount += 1;
    if (group.examples.length < maxExamples) group.examples.push(hosts.nameOf(row));
  }
  const sorted = [...groups.values()].sort((left, right) => right.hostCount - left.hostCount);
  if (sorted.length <= maxGroups) return sorted;
  const rest = sorted.slice(maxGroups - 1);
  const merged = {
    refusals: rest[0]?.refusals.map(({ plugin }) => ({ plugin, reason: "for other reasons" })) ?? [],
    hostCount: rest.reduce((sum, { hostCount }) => sum + hostCount, 0),
    examples: rest.slice(0, maxExamples).flatMap(({ examples }) => examples.slice(0, 1)),
  };
  return [...sorted.slice(0, maxGroups - 1), merged];
}

function refusalsOf({ filters }: PreparedRules, row: number): HostGroup["refusals"] {
  return filters.flatMap(({ name, refusal }) => {
    const reason = refusal(row);
    return reason === undefined ? [] : [{ plugin: name, reason }];
  });
}

function winMessage(winner = "", ranking: readonly Ranked[], hostCount: number): string {
  const [best, second] = ranking;
  const among = `${ranking.length} of ${hostCount} hosts can take it`;
  if (second === undefined) return `${winner} is chosen: ${among}`;
  if (best?.total === second.total) return `${winner} is chosen, the first of equals in host order: ${among}`;
  const most = decisive(best, second);
  return `${winner} is chosen${most === undefined ? "" : `, most for ${most}`}: ${among}`;
}

/** The preference in which the best is furthest ahead of the second. */
function decisive(best: Ranked | undefined, second: Ranked): string | undefined {
  let most: { readonly plugin: string; readonly lead: number } | undefined;
  best?.scores.forEach(({ plugin, points, weight }, index) => {
    const lead = weight * (points - (second.scores[index]?.points ?? 0));
    if (lead > (most?.lead ?? 0)) most = { plugin, lead };
  });
  return most?.plugin;
}
