import t from "tap";
import { HostKind } from "../../schema/host.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import { judgeBy, seedUser } from "./judge.ts";

t.test("what is asked is judged as asked by one user, who is told what to be given", async (t) => {
  const asked: unknown[] = [];
  const judge = judgeBy((user, { type: _type, ...attributes }) => {
    asked.push([user, attributes]);
    return { allowed: attributes.verb === "get", reason: "" };
  });
  judge("get", HostKind);
  const place = { namespace: "a", name: "web" };
  throwsWith(
    t,
    () => judge("delete", VirtualMachineKind, place),
    "Forbidden",
    'virtualmachines.ostler.dev "web" is forbidden: User "system:seed" cannot delete resource ' +
      '"virtualmachines" in API group "ostler.dev" in the namespace "a"',
  );
  const head = { group: "ostler.dev", version: "v1", subresource: undefined };
  t.same(asked, [
    [seedUser, { ...head, verb: "get", resource: "hosts", namespace: undefined, name: undefined }],
    [seedUser, { ...head, verb: "delete", resource: "virtualmachines", ...place }],
  ]);
});
