import t from "tap";
import { applyCases } from "../../../testing/apply-cases.ts";
import { applied, bare, conflictsOf, type Machine, ownersOf, play } from "../../../testing/apply-steps.ts";
import { withEntries } from "./track.ts";

for (const { title, steps, object, owners } of applyCases) {
  t.test(`apply: ${title}`, async (t) => {
    const end = play(steps, ({ by, conflicts = [] }, found) => {
      t.same(found, conflicts, `${by} meets ${conflicts.length} conflicts`);
    });
    const { managedFields: _, name: __, namespace: ___, ...metadata } = end.metadata;
    const { apiVersion: ____, kind: _____, ...rest } = end;
    t.strictSame({ ...rest, metadata }, { metadata: {}, ...object });
    t.strictSame(ownersOf(end), owners);
  });
}

t.test("what was written before anything was tracked has an owner of its own", async (t) => {
  const live: Machine = { ...bare, spec: { cpus: 1, memory: "1Gi" }, status: { printableStatus: "Running" } };
  const result = applied(live, { by: "one", config: { spec: { cpus: 2 } } });
  t.same(conflictsOf(result), ["before-first-apply .spec.cpus"]);
  t.same(ownersOf(withEntries(live, result.entries)), {
    one: [".spec.cpus"],
    "before-first-apply updates": [".spec.memory"],
  });
});
