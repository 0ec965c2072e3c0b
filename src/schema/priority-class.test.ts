import t from "tap";
import { admit } from "./admission.ts";
import { type PriorityClass, PriorityClassKind } from "./priority-class.ts";

function priorityClass(fields: Record<string, unknown>): PriorityClass {
  return admit(PriorityClassKind, {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: "high" },
    ...fields,
  });
}

t.test("only a value is required, and what else holds is visible", async (t) => {
  const { value, globalDefault, preemptionPolicy } = priorityClass({ value: 1000 });
  t.same([value, globalDefault, preemptionPolicy], [1000, false, "PreemptLowerPriority"]);
  t.throws(() => priorityClass({}), { message: /value: required/ });
  t.throws(() => priorityClass({ value: 1_000_000_001 }), { message: /at most 1000000000/ });
});

t.test("what machines were placed by never changes", async (t) => {
  const before = priorityClass({ value: 1000 });
  t.same(PriorityClassKind.checkUpdate?.(before, priorityClass({ value: 1000, description: "x" })), []);
  const after = priorityClass({ value: 2000, preemptionPolicy: "Never" });
  t.match(PriorityClassKind.checkUpdate?.(before, after), [
    { field: "value" },
    { field: "preemptionPolicy" },
  ]);
});
