import t from "tap";
import { admit } from "./admission.ts";
import { VirtualMachineKind } from "./virtual-machine.ts";

function machine(placement: Record<string, unknown>) {
  return admit(VirtualMachineKind, {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name: "web" },
    spec: { cpus: 1, memory: "1Gi", ...placement },
  }).spec;
}

t.test("a machine that says nothing about its place stays as it was", async (t) => {
  for (const field of ["hostSelector", "affinity", "topologySpreadConstraints", "tolerations"]) {
    t.notOk(field in machine({}), field);
  }
});

t.test("what is left out is filled in where it can be seen", async (t) => {
  const labelSelector = { matchLabels: { app: "web" } };
  const spec = machine({
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", labelSelector }],
    tolerations: [{ key: "dedicated", value: "db" }],
  });
  t.match(spec.topologySpreadConstraints, [{ whenUnsatisfiable: "DoNotSchedule" }]);
  t.match(spec.tolerations, [{ operator: "Equal" }]);
});

t.test("names and weights are bounded", async (t) => {
  const term = { labelSelector: {}, topologyKey: "zone" };
  const preferred = (weight: number) => ({
    affinity: {
      machineAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight, machineAffinityTerm: term }],
      },
    },
  });
  t.ok(machine(preferred(100)).affinity);
  t.throws(() => machine(preferred(101)), { message: /weight: must be at most 100/ });
  t.throws(() => machine({ hostSelector: { "-": "x" } }), { message: /not a valid key/ });
  t.throws(() => machine({ hostSelector: { a: "x y" } }), { message: /at most 63 letters/ });
  t.throws(() => machine({ tolerations: Array(33).fill({ operator: "Exists" }) }), { message: /at most 32/ });
});
