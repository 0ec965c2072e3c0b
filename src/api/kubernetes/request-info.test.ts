import t from "tap";
import { kinds } from "../../schema/scheme.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import { isTrue, notFound, parseRequest, pathOf } from "./request-info.ts";

function parse(method: string, url: string) {
  const [path = "", search = ""] = url.split("?");
  const line = { method, path, query: new URLSearchParams(search) };
  const { verb, kind, namespace, name, subresource } = parseRequest(kinds, line, () => [{ name: "status" }]);
  return [verb, kind.kind, namespace, name, subresource].map((part) => part ?? "-").join(" ");
}

const machines = "/apis/ostler.dev/v1/namespaces/default/virtualmachines";

t.test("a path and a method say what is asked", async (t) => {
  const cases: readonly (readonly [method: string, url: string, said: string])[] = [
    ["GET", machines, "list VirtualMachine default - -"],
    ["GET", `${machines}?watch=true`, "watch VirtualMachine default - -"],
    ["GET", `${machines}?watch=0`, "list VirtualMachine default - -"],
    ["HEAD", `${machines}?watch=true`, "list VirtualMachine default - -"],
    ["POST", machines, "create VirtualMachine default - -"],
    ["DELETE", machines, "deletecollection VirtualMachine default - -"],
    ["GET", `${machines}/web`, "get VirtualMachine default web -"],
    ["PUT", `${machines}/web/status`, "update VirtualMachine default web status"],
    ["PATCH", `${machines}/web`, "patch VirtualMachine default web -"],
    ["DELETE", `${machines}/web/`, "delete VirtualMachine default web -"],
    ["GET", "/apis/ostler.dev/v1/virtualmachines", "list VirtualMachine - - -"],
    ["GET", "/apis/ostler.dev/v1/hosts/h1", "get Host - h1 -"],
    ["GET", "/api/v1/namespaces", "list Namespace - - -"],
    ["GET", "/api/v1/namespaces/default", "get Namespace - default -"],
    ["PUT", "/api/v1/namespaces/default/status", "update Namespace - default status"],
    ["GET", "/api/v1/namespaces/default/events", "list Event default - -"],
    ["GET", "/api/v1/namespaces/%64efault", "get Namespace - default -"],
  ];
  for (const [method, url, said] of cases) t.equal(parse(method, url), said, `${method} ${url}`);
});

t.test("a path that names nothing is not found", async (t) => {
  for (const url of [
    "/apis",
    "/apis/ostler.dev/v2/virtualmachines",
    "/apis/ostler.dev/v1/nothing",
    "/apis/ostler.dev/v1/virtualmachines/web",
    "/apis/ostler.dev/v1/namespaces/default/hosts/h1",
    `${machines}/web/status/more`,
    "/api/v1/virtualmachines",
    "/other/v1/namespaces",
  ]) {
    throwsWith(t, () => parse("GET", url), "NotFound");
  }
});

t.test("a method that the path does not have is not allowed", async (t) => {
  throwsWith(t, () => parse("POST", `${machines}/web`), "MethodNotAllowed");
  throwsWith(t, () => parse("PUT", machines), "MethodNotAllowed");
  throwsWith(t, () => parse("PATCH", machines), "MethodNotAllowed");
  throwsWith(t, () => parse("OPTIONS", machines), "MethodNotAllowed");
  throwsWith(t, () => parse("POST", "/api/v1/namespaces/default/pods"), "NotFound");
});

t.test("a path that cannot be decoded is a bad request", async (t) => {
  throwsWith(t, () => parse("GET", "/apis/%ff"), "BadRequest");
});

t.test("a boolean may be given without a value", async (t) => {
  for (const text of ["", "1", "true", "TRUE"]) t.ok(isTrue(text), text);
  for (const text of [null, "0", "false", "yes"]) t.notOk(isTrue(text), String(text));
});

t.test("paths are written as they are read", async (t) => {
  t.equal(pathOf(VirtualMachineKind, "default", "web", "status"), `${machines}/web/status`);
  t.equal(notFound(VirtualMachineKind, "web").message, 'virtualmachines.ostler.dev "web" not found');
});
