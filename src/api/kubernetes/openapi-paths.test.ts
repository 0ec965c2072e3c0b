import t from "tap";
import { HostKind } from "../../schema/host.ts";
import { ServiceKind } from "../../schema/service.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { fieldOf } from "./json.ts";
import { pathsOf } from "./openapi-paths.ts";

const machines = "/apis/ostler.dev/v1/namespaces/{namespace}/virtualmachines";

t.test("objects, collections, all namespaces and subresources have paths", async (t) => {
  const paths = pathsOf(VirtualMachineKind);
  for (const path of [
    machines,
    `${machines}/{name}`,
    `${machines}/{name}/status`,
    `${machines}/{name}/start`,
    "/apis/ostler.dev/v1/virtualmachines",
  ]) {
    t.ok(paths[path], path);
  }
  t.ok(pathsOf(HostKind)["/apis/ostler.dev/v1/hosts/{name}"]);
});

t.test("a patch says in which forms it is taken, and that the server validates", async (t) => {
  const patch = fieldOf(pathsOf(VirtualMachineKind)[`${machines}/{name}`], "patch");
  t.match(patch, { requestBody: { content: { "application/merge-patch+json": {} } } });
  t.match(JSON.stringify(fieldOf(patch, "parameters")), '"name":"fieldValidation"');
});

t.test("what is only read has no other operations", async (t) => {
  const paths = pathsOf(ServiceKind);
  const object = paths["/api/v1/namespaces/{namespace}/services/{name}"];
  t.strictSame(Object.keys(object ?? {}), ["get", "parameters"]);
});
