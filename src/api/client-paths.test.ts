import t from "tap";
import { HostKind } from "../schema/host.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { collectionPath, objectPath, urlOf } from "./client-paths.ts";

t.test("objects are where Kubernetes has them", async (t) => {
  t.equal(collectionPath(NamespaceKind, undefined), "/api/v1/namespaces");
  t.equal(collectionPath(VirtualMachineKind, undefined), "/apis/ostler.dev/v1/virtualmachines");
  t.equal(collectionPath(HostKind, "default"), "/apis/ostler.dev/v1/hosts", "it is in no namespace");
  const machine = { namespace: "a/b", name: "c?d" };
  t.equal(
    objectPath(VirtualMachineKind, machine),
    "/apis/ostler.dev/v1/namespaces/a%2Fb/virtualmachines/c%3Fd",
  );
});

t.test("parameters that say nothing are left out", async (t) => {
  const url = urlOf("https://127.0.0.1:6440", "/version", { watch: "true", since: undefined });
  t.equal(url.href, "https://127.0.0.1:6440/version?watch=true");
});
