import t from "tap";
import { admit } from "../schema/admission.ts";
import { type Source, SourceKind, type SourceStatus } from "../schema/source.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import type { PrunePlan } from "./prune.ts";
import { type Finding, formatProblem, sourceStatus } from "./status.ts";

const now = "2026-01-01T00:00:00Z";
const later = "2026-01-02T00:00:00Z";

function source(status?: SourceStatus): Source {
  const metadata = { name: "manifests", generation: 3 };
  const given = { apiVersion: "ostler.dev/v1", kind: "Source", metadata, spec: { directory: "/m" } };
  return admit(SourceKind, status === undefined ? given : { ...given, status });
}

const applied: Extract<Finding, { readonly type: "applied" }> = {
  type: "applied",
  files: 2,
  objects: 5,
  device: "8",
  problems: [],
  prune: { type: "nothing" },
  changed: true,
};

function blocked(count: number): PrunePlan {
  const deletions = Array.from({ length: count }, (_, index) => ({
    kind: VirtualMachineKind,
    object: { apiVersion: "", kind: "", metadata: { name: `vm-${index}`, namespace: "default" } },
  }));
  const doubt = { reason: "FolderEmpty", message: "the folder names no object at all" };
  return { type: "blocked", sighting: { hash: "abc", sinceMs: 0 }, doubt, deletions };
}

t.test("a folder that is applied makes its Source ready", async (t) => {
  const status = sourceStatus(source(), applied, now);
  t.match(status, { observedGeneration: 3, files: 2, objects: 5, device: "8", lastAppliedTime: now });
  t.match(status.conditions, [{ type: "Ready", status: "True", reason: "Applied", lastTransitionTime: now }]);
});

t.test("the time of applying moves only when something was applied", async (t) => {
  const before = sourceStatus(source(), applied, now);
  t.strictSame(sourceStatus(source(before), { ...applied, changed: false }, later), before);
  t.equal(sourceStatus(source(before), applied, later).lastAppliedTime, later);
});

t.test("the first problem is the condition's message; at most a hundred are listed", async (t) => {
  const problems = Array.from({ length: 150 }, () => ({
    file: "a.yaml",
    line: 3,
    column: 1,
    message: "bad",
  }));
  const status = sourceStatus(source(), { ...applied, problems }, now);
  t.equal(status.problems?.length, 100);
  t.match(status.conditions, [{ reason: "InvalidManifests", message: "a.yaml:3:1: bad, and 149 more" }]);
});

t.test("what is blocked says how to confirm it", async (t) => {
  const status = sourceStatus(source(), { ...applied, prune: blocked(200) }, now);
  const message = "the folder names no object at all; to delete the 200 objects: ostler source confirm abc";
  t.match(status.pendingPrune, { planHash: "abc", reason: "FolderEmpty", total: 200, message });
  t.equal(status.pendingPrune?.deletions.length, 100);
  t.match(status.conditions, [{ status: "False", reason: "PruneBlocked", message }]);
});

t.test("waiting for a second look is not told", async (t) => {
  const before = sourceStatus(source(), applied, now);
  const prune: PrunePlan = { type: "wait", sighting: { hash: "abc", sinceMs: 0 }, delayMs: 1 };
  t.strictSame(sourceStatus(source(before), { ...applied, prune, changed: false }, later), before);
});

t.test("another device is trusted only once nothing is missing", async (t) => {
  const before = sourceStatus(source(), applied, now);
  const moved = { ...applied, device: "9" };
  t.equal(sourceStatus(source(before), { ...moved, prune: blocked(1) }, later).device, "8");
  t.equal(sourceStatus(source(before), moved, later).device, "9");
});

t.test("an unreadable folder keeps what was known of it", async (t) => {
  const before = sourceStatus(source(), applied, now);
  const status = sourceStatus(source(before), { type: "unreadable", message: "/m: ENOENT" }, later);
  t.match(status, { files: 2, objects: 5, device: "8", lastAppliedTime: now });
  t.match(status.conditions, [{ status: "False", reason: "Unreadable", message: "/m: ENOENT" }]);
});

t.test("every status is a valid one, however long the words are", async (t) => {
  const message = "x".repeat(5000);
  const problems = [{ file: "a.yaml", path: message, message }];
  for (const finding of [
    { ...applied, problems, prune: blocked(1) },
    { type: "unreadable", message } as const,
  ]) {
    t.ok(source(sourceStatus(source(), finding, now)));
  }
});

t.test("a problem reads as compilers write theirs", async (t) => {
  t.equal(
    formatProblem({ file: "a.yaml", line: 8, column: 3, path: "spec.x", message: "m" }),
    "a.yaml:8:3: spec.x: m",
  );
  t.equal(formatProblem({ file: "a.yaml", message: "m" }), "a.yaml: m");
});
