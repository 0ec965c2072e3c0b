import t from "tap";
import { admit } from "../../schema/admission.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { specFields } from "./spec-walk.ts";

t.test("whatever value a field takes on the way, the spec is valid", async (t) => {
  for (const [field, values] of Object.entries(specFields)) {
    t.ok(values.length > 1, `${field} has somewhere to go`);
    for (const value of values) {
      const spec = { cpus: 1, memory: "512Mi", [field]: value };
      const manifest = {
        apiVersion: "ostler.dev/v1",
        kind: "VirtualMachine",
        metadata: { name: "web" },
        spec,
      };
      t.doesNotThrow(() => admit(VirtualMachineKind, manifest), `${field}: ${JSON.stringify(value)}`);
    }
  }
});
