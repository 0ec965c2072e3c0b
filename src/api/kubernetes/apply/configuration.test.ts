import t from "tap";
import { VirtualMachineKind } from "../../../schema/virtual-machine.ts";
import { configurationOf, problemsOf } from "./configuration.ts";
import { objectTypeOf } from "./field-type.ts";

const type = objectTypeOf(VirtualMachineKind);
const main = (field: string) => field !== "status";

t.test("a configuration is what its writer can own", async (t) => {
  const body = {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name: "web", uid: "x", creationTimestamp: null, labels: { a: "b" } },
    spec: { cpus: 1, memory: null, disks: [{ name: "a", size: null }] },
    status: { printableStatus: "Running" },
  };
  t.strictSame(configurationOf(type, body, main), {
    metadata: { labels: { a: "b" } },
    spec: { cpus: 1, disks: [{ name: "a" }] },
  });
  t.strictSame(
    configurationOf(type, body, (field) => field === "status"),
    { metadata: {}, status: { printableStatus: "Running" } },
    "by the path of the status, its status",
  );
});

t.test("what cannot be merged is told by path", async (t) => {
  const cases: readonly (readonly [value: unknown, problems: readonly string[]])[] = [
    [{ spec: { disks: [{ name: "a" }, { name: "b" }] } }, []],
    [{ spec: { nosuch: 1, cpus: "wrong type" } }, [".spec.nosuch: field not declared in schema"]],
    [{ spec: { disks: [{ name: "a", z: 1 }] } }, ['.spec.disks[name="a"].z: field not declared in schema']],
    [
      { spec: { disks: [{ name: "a" }, { name: "a" }] } },
      ['.spec.disks: duplicate entries for key [name="a"]'],
    ],
    [
      { spec: { disks: [{ size: "1Gi" }] } },
      [".spec.disks: element 0: its items are told apart by name, which it lacks"],
    ],
    [{ metadata: { finalizers: ["x", "x"] } }, ['.metadata.finalizers: duplicate entries for key [="x"]']],
    [{ metadata: { labels: { anything: 1 } }, spec: "odd" }, []],
  ];
  for (const [value, problems] of cases)
    t.strictSame(problemsOf(type, value), problems, JSON.stringify(value));
});
