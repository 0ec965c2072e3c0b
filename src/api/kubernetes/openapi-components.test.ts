import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { fieldOf } from "./json.ts";
import { componentName, componentsOf, sharedComponents } from "./openapi-components.ts";

t.test("definitions are named as Kubernetes names them", async (t) => {
  t.equal(componentName(VirtualMachineKind), "dev.ostler.v1.VirtualMachine");
  t.strictSame(Object.keys(componentsOf(VirtualMachineKind)), [
    "dev.ostler.v1.VirtualMachine",
    "dev.ostler.v1.VirtualMachineList",
  ]);
});

t.test("nobody is asked for what every object has", async (t) => {
  const object = componentsOf(VirtualMachineKind)["dev.ostler.v1.VirtualMachine"];
  t.strictSame(fieldOf(object, "required"), ["spec"]);
  t.match(fieldOf(fieldOf(object, "properties"), "metadata"), { allOf: [{ $ref: /ObjectMeta$/ }] });
});

t.test("what all kinds share is of no kind", async (t) => {
  t.notMatch(JSON.stringify(sharedComponents()), "group-version-kind");
  t.match(sharedComponents()["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"], { type: "object" });
});
