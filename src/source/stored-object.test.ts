import t from "tap";
import { NamespaceKind } from "../schema/namespace.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { describeObject, isTerminating, recordedPath, sourceOf } from "./stored-object.ts";

const object = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: {
    name: "web",
    namespace: "default",
    labels: { "ostler.dev/source": "manifests" },
    annotations: { "ostler.dev/source-path": "a.yaml" },
  },
};

t.test("an object is named by its kind, namespace and name", async (t) => {
  t.equal(describeObject({ kind: VirtualMachineKind, object }), "virtualmachines.ostler.dev default/web");
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "blue" } };
  t.equal(describeObject({ kind: NamespaceKind, object: namespace }), "namespaces blue");
});

t.test("an object tells where it comes from", async (t) => {
  t.equal(sourceOf(object), "manifests");
  t.equal(recordedPath(object), "a.yaml");
  t.equal(sourceOf(undefined), undefined);
  t.notOk(isTerminating(object));
});
