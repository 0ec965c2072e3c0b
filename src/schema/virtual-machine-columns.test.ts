import t from "tap";
import { admit } from "./admission.ts";
import { type VirtualMachine, VirtualMachineKind, type VirtualMachineStatus } from "./virtual-machine.ts";
import { virtualMachineColumns } from "./virtual-machine-columns.ts";

function machine(spec: object, status: VirtualMachineStatus = {}): VirtualMachine {
  const head = { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata: { name: "a" } };
  return { ...admit(VirtualMachineKind, { ...head, spec }), status };
}

function shown(name: string, of: VirtualMachine): unknown {
  return virtualMachineColumns.find((column) => column.name === name)?.show?.(undefined, of);
}

t.test("the size is the machine's own, or what it was given", async (t) => {
  const own = machine({ cpus: 2, memory: "2048Mi" });
  t.equal(shown("CPUs", own), 2);
  t.equal(shown("Memory", own), "2Gi");
  const allocated = { cpus: 4, memoryBytes: 2 ** 32, diskBytes: 0 };
  const typed = machine({ instanceType: "small" }, { allocated });
  t.equal(shown("CPUs", typed), 4);
  t.equal(shown("Memory", typed), "4Gi");
  t.equal(shown("CPUs", machine({ instanceType: "small" })), undefined);
  t.equal(shown("Memory", machine({ instanceType: "small" })), undefined);
});

t.test("the first address that is known is shown", async (t) => {
  const interfaces = [
    { name: "back", mac: "52:54:00:00:00:01" },
    { name: "front", mac: "52:54:00:00:00:02", ipAddress: "10.0.0.2", ipAddresses: ["10.0.0.2", "fd00::2"] },
  ];
  t.equal(shown("Address", machine({ cpus: 1, memory: "1Gi" }, { interfaces })), "10.0.0.2");
  t.equal(shown("Address", machine({ cpus: 1, memory: "1Gi" })), undefined);
});

t.test("a reason is shown as long as there is something to explain", async (t) => {
  const ready = (status: "True" | "False") =>
    machine(
      { cpus: 1, memory: "1Gi" },
      {
        conditions: [{ type: "Ready", status, reason: "Why", message: "", lastTransitionTime: "" }],
      },
    );
  t.equal(shown("Reason", ready("False")), "Why");
  t.equal(shown("Reason", ready("True")), undefined);
});
