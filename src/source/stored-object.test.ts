import t from "tap";
import { NamespaceKind } from "../schema/namespace.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { describeObject, isTerminating } from "./stored-object.ts";

const object = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: {
    name: "web",
    namespace: "default",
  },
};

t.test("an object is named by its kind, namespace and name", async (t) => {
  t.equal(describeObject({ kind: VirtualMachineKind, object }), "virtualmachines.ostler.dev default/web");
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "blue" } };
  t.equal(describeObject({ kind: NamespaceKind, object: namespace }), "namespaces blue");
});

t.test("an object that is being deleted says so", async (t) => {
  t.notOk(isTerminating(object));
  const metadata = { ...object.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
  t.ok(isTerminating({ ...object, metadata }));
});
