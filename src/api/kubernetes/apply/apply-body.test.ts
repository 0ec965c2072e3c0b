import t from "tap";
import { VirtualMachineKind } from "../../../schema/virtual-machine.ts";
import { throwsWith } from "../../../testing/throws-with.ts";
import type { ApiRequest } from "../context.ts";
import { readApplied } from "./apply-body.ts";

function request(body: string): ApiRequest {
  return {
    info: {
      verb: "patch",
      kind: VirtualMachineKind,
      namespace: "default",
      name: "web",
      subresource: undefined,
    },
    query: new URLSearchParams(),
    headers: {},
    body,
    user: { name: "admin", groups: [] },
    learnName: () => {},
  };
}

t.test("an apply is YAML or JSON, and its name may be left to the path", async (t) => {
  const object = { metadata: { name: "web" }, spec: { cpus: 1 } };
  t.same(readApplied(request("spec: {cpus: 1}\n")), object);
  t.same(readApplied(request("---\nmetadata: {name: web}\nspec:\n  cpus: 1\n")), object);
  t.same(readApplied(request('{"spec": {"cpus": 1}}')), object);
  t.same(readApplied(request("{spec: {cpus: 1}}")), object);
});

t.test("what cannot be applied is told why", async (t) => {
  const cases: readonly (readonly [body: string, message: string])[] = [
    ["", "has 0"],
    ["a: 1\n---\nb: 2\n", "has 2"],
    ["a: [", "error decoding YAML"],
    ["text", "must be an object"],
    ["[1]", "must be an object"],
    ["metadata: text", "metadata must be an object"],
    ["metadata: {managedFields: []}", "metadata.managedFields must be nil"],
    [`{"spec": [${"1,".repeat(20_000)}1]}`, "at most 20000 values"],
    ['{"__proto__": {}}', '"__proto__"'],
    ["__proto__: {}", "__proto__"],
    [`${"[".repeat(100)}${"]".repeat(100)}`, "nested deeper"],
    [
      "spec: {nosuch: 1}",
      "failed to create typed patch object (default/web; ostler.dev/v1, Kind=VirtualMachine): " +
        ".spec.nosuch: field not declared in schema",
    ],
    [
      "spec: {nosuch: 1, disks: [{name: a}, {name: a}]}",
      "errors:\n  .spec.nosuch: field not declared in schema\n" +
        '  .spec.disks: duplicate entries for key [name="a"]',
    ],
  ];
  for (const [body, message] of cases) {
    throwsWith(t, () => readApplied(request(body)), "BadRequest", message);
  }
});
