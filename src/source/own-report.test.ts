import t from "tap";
import { confirmPruneAnnotation, type Source } from "../schema/source.ts";
import { isOwnReport } from "./own-report.ts";

const source: Source = {
  apiVersion: "ostler.dev/v1",
  kind: "Source",
  metadata: { name: "manifests", uid: "1", generation: 1, resourceVersion: "5" },
  spec: { directory: "/etc/ostler/manifests", prune: true, intervalSeconds: 10 },
  status: { files: 1 },
};
const withMetadata = (metadata: Partial<Source["metadata"]>): Source => ({
  ...source,
  metadata: { ...source.metadata, resourceVersion: "6", ...metadata },
});

t.test("a new status alone is the report on a look", async (t) => {
  const object = { ...withMetadata({}), status: { files: 2 } };
  t.equal(isOwnReport({ type: "modified", object, previous: source }), true);
});

t.test("all that a person changes is worth a look", async (t) => {
  const changed: readonly (readonly [what: string, object: Source])[] = [
    ["a spec", withMetadata({ generation: 2 })],
    ["a confirmation", withMetadata({ annotations: { [confirmPruneAnnotation]: "0123" } })],
    ["a deletion", withMetadata({ deletionTimestamp: "2026-01-01T00:00:00Z" })],
    ["another one under the name", withMetadata({ uid: "2" })],
  ];
  for (const [what, object] of changed) {
    t.equal(isOwnReport({ type: "modified", object, previous: source }), false, what);
  }
});

t.test("a Source that is new, gone or delivered again is looked at", async (t) => {
  for (const type of ["added", "deleted", "resync"] as const) {
    t.equal(isOwnReport({ type, object: source, previous: source }), false, type);
  }
  t.equal(isOwnReport({ type: "modified", object: source }), false, "what was before is not known");
});
