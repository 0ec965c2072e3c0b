import t from "tap";
import { instanceType, lookups, machine } from "../../testing/machine-fixture.ts";
import { resolveMeasure } from "./measure.ts";

const types = lookups(instanceType("big", 8, "1G", "10G"), instanceType("tiny", 1, "5"));

t.test("the size comes from the spec or the instance type, in whole KiB and at least a MiB", async (t) => {
  const measure = (spec: Record<string, unknown>) => resolveMeasure(machine(spec), types);
  const size = (cpus: number, memoryBytes: number) => ({ found: { size: { cpus, memoryBytes } } });
  t.match(measure({ cpus: 2, memory: "1Gi" }), size(2, 2 ** 30));
  t.match(measure({ instanceType: "big" }), size(8, 1_000_000_512));
  t.match(measure({ instanceType: "tiny" }), size(1, 2 ** 20));
});

t.test("how large the first disk is only an instance type says", async (t) => {
  const root = (spec: Record<string, unknown>) => resolveMeasure(machine(spec), types);
  t.match(root({ cpus: 2, memory: "1Gi" }), { found: { rootBytes: 0 } });
  t.match(root({ instanceType: "tiny" }), { found: { rootBytes: 0 } });
  t.match(root({ instanceType: "big" }), { found: { rootBytes: 10_000_000_000 } });
});

t.test("without its instance type nothing can be said", async (t) => {
  t.match(resolveMeasure(machine({ instanceType: "huge" }), types), {
    blockedBy: { reason: "InstanceTypeNotFound", message: /"huge" does not exist/ },
  });
});
