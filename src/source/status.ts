import { type Progress, setProgress } from "../schema/conditions.ts";
import type { PendingPrune, Source, SourceProblem, SourceStatus } from "../schema/source.ts";
import type { PrunePlan } from "./prune.ts";
import { describeObject } from "./stored-object.ts";

/** What one look at a folder came to. */
export type Finding = { readonly type: "unreadable"; readonly message: string } | Applied;

export interface Applied {
  readonly type: "applied";
  readonly files: number;
  readonly objects: number;
  readonly device: string;
  readonly problems: readonly SourceProblem[];
  readonly prune: PrunePlan;
  readonly changed: boolean;
}

const maxProblems = 100;
const maxDeletions = 100;
const maxMessage = 1024;

/** The status after a look; the same values as before when nothing is new. `now` is RFC 3339. */
export function sourceStatus(source: Source, finding: Finding, now: string): SourceStatus {
  const before = source.status ?? {};
  const observedGeneration = source.metadata.generation ?? 0;
  const pendingPrune = pendingAfter(before, finding);
  const progress = progressOf(finding, pendingPrune);
  const conditions = [...setProgress(before.conditions ?? [], progress, { observedGeneration, time: now })];
  if (finding.type === "unreadable") return { ...before, observedGeneration, conditions };
  const { files, objects, prune, changed } = finding;
  const lastAppliedTime = changed ? now : before.lastAppliedTime;
  const device = prune.type === "nothing" ? finding.device : (before.device ?? finding.device);
  const problems = finding.problems.slice(0, maxProblems).map(cutProblem);
  return {
    observedGeneration,
    conditions,
    files,
    objects,
    device,
    ...(problems.length === 0 ? {} : { problems }),
    ...(pendingPrune === undefined ? {} : { pendingPrune }),
    ...(lastAppliedTime === undefined ? {} : { lastAppliedTime }),
  };
}

/** A problem on one line: `web.yaml:8:3: spec.memery: unknown field`. */
export function formatProblem({ file, line, column, path, message }: SourceProblem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return path === undefined ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
}

/** While a change of what is missing is looked at twice, what was in doubt before stays so. */
function pendingAfter(before: SourceStatus, finding: Finding): PendingPrune | undefined {
  if (finding.type === "unreadable" || finding.prune.type === "wait") return before.pendingPrune;
  return pendingOf(finding.prune);
}

/** What is wrong in files and what waits for a person is for people to mend; a folder may come back. */
function progressOf(finding: Finding, pending: PendingPrune | undefined): Progress {
  if (finding.type === "unreadable") {
    return { ready: "False", now: "Reconciling", reason: "Unreadable", message: cut(finding.message) };
  }
  const [first, ...more] = finding.problems;
  const no = { ready: "False", now: "Stalled" } as const;
  if (first !== undefined) {
    const others = more.length === 0 ? "" : `, and ${more.length} more`;
    return { ...no, reason: "InvalidManifests", message: cut(`${formatProblem(first)}${others}`) };
  }
  if (pending !== undefined) return { ...no, reason: "PruneBlocked", message: pending.message };
  return { ready: "True", reason: "Applied", message: "the objects are as the folder says" };
}

function pendingOf(prune: PrunePlan): PendingPrune | undefined {
  if (prune.type !== "blocked") return undefined;
  const { doubt, deletions, sighting } = prune;
  const total = deletions.length;
  const objects = total === 1 ? "the object" : `the ${total} objects`;
  return {
    planHash: sighting.hash,
    reason: doubt.reason,
    message: cut(`${doubt.message}; to delete ${objects}: ostler source confirm ${sighting.hash}`),
    total,
    deletions: deletions.slice(0, maxDeletions).map(describeObject),
  };
}

function cutProblem(problem: SourceProblem): SourceProblem {
  const { path } = problem;
  return { ...problem, message: cut(problem.message), ...(path === undefined ? {} : { path: cut(path) }) };
}

function cut(text: string): string {
  return text.length > maxMessage ? `${text.slice(0, maxMessage - 1)}…` : text;
}
