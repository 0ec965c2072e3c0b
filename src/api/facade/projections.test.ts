import t from "tap";
import { kinds } from "../../schema/scheme.ts";
import { projectedKinds, projections } from "./projections.ts";

t.test("what is seen as another is stored, and what it is seen as is not", async (t) => {
  for (const { kind, source } of projections) {
    t.ok(kinds.includes(source), source.kind);
    t.notOk(kinds.includes(kind), kind.kind);
    t.equal(kind.namespaced, source.namespaced, "under the same names");
    t.ok(kind.readOnly);
  }
  t.equal(projectedKinds.length, projections.length);
});
