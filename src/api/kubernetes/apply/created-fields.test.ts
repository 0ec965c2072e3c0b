import t from "tap";
import { VirtualMachineKind, virtualMachineFinalizer } from "../../../schema/virtual-machine.ts";
import { smallMachine } from "../../../testing/api-fixture.ts";
import { createdFields } from "./created-fields.ts";

t.test("who makes an object owns what it says, not what the store gives it", async (t) => {
  const fields = {
    "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
    "f:spec": { ".": {}, "f:cpus": {}, "f:memory": {} },
  };
  const given = { ...smallMachine.metadata, uid: "x", generation: 1, finalizers: [virtualMachineFinalizer] };
  const machine = { ...smallMachine, metadata: given, status: { printableStatus: "Running" } };
  t.same(createdFields(VirtualMachineKind, machine), fields);
  const metadata = { ...given, finalizers: ["mine", virtualMachineFinalizer] };
  t.match(createdFields(VirtualMachineKind, { ...machine, metadata }), {
    "f:metadata": { "f:finalizers": { ".": {}, 'v:"mine"': {} } },
  });
});
