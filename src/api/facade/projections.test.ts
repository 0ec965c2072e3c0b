import t from "tap";
import { kinds } from "../../schema/scheme.ts";
import { projectionsWith } from "./projections.ts";

t.test("what is seen as another is stored, and what it is seen as is not", async (t) => {
  const projections = projectionsWith({ measure: async () => [] });
  for (const { kind, source, project, measure } of projections) {
    t.ok(kinds.includes(source), source.kind);
    t.notOk(kinds.includes(kind), kind.kind);
    t.equal(kind.namespaced, source.namespaced, "under the same names");
    t.ok(kind.readOnly);
    t.equal(project === undefined, measure !== undefined, "it is either known or measured");
    t.equal(kind.unwatchable ?? false, measure !== undefined);
  }
  t.same(
    projections.map(({ kind }) => kind.kind),
    ["Pod", "Node", "PodMetrics", "NodeMetrics"],
  );
});

t.test("where nobody measures there are no figures", async (t) => {
  t.same(
    projectionsWith(undefined).map(({ kind }) => kind.kind),
    ["Pod", "Node"],
  );
});
