import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { admit } from "../../schema/admission.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { smallMachine } from "../../testing/api-fixture.ts";
import { startSeed } from "../../testing/seed-fixture.ts";

const create = "/vm/create?name=web&instance_type=1";

t.test("machines that are made and destroyed are in the audit log before they are", async (t) => {
  await using seed = await startSeed();
  t.same(await seed.ask(create), { vmid: 1 });
  t.same(await seed.ask("/vm/query?vmid=1"), { vmid: 1, name: "web", instance_type: 1, pmid: 1 });
  t.same(await seed.ask("/vm/destroy?vmid=1"), { status: 1 });
  const web = { resource: "virtualmachines", namespace: "default", name: "web", user: "system:seed" };
  t.match(seed.told, [
    { ...web, verb: "create", stage: "before", path: "/vm/create", address: "127.0.0.1" },
    { ...web, verb: "create", stage: "object" },
    { stage: "done", decision: "allow", path: "/vm/create" },
    { ...web, verb: "delete", stage: "before", path: "/vm/destroy" },
    { ...web, verb: "delete", stage: "object" },
    { stage: "done", decision: "allow", path: "/vm/destroy" },
  ]);
  t.equal(seed.told.length, 6, "looking is not told of");
  t.equal(new Set(seed.told.map(({ auditId }) => auditId)).size, 2);
});

t.test("volumes too, and who has them", async (t) => {
  await using seed = await startSeed();
  await seed.ask(create);
  for (const call of [
    "create?name=d&size=1",
    "attach?vmid=1&volumeid=1",
    "detach?volumeid=1",
    "destroy?volumeid=1",
  ]) {
    t.notMatch(await seed.ask(`/volume/${call}`), { status: 0 }, call);
  }
  const before = seed.told.filter(({ stage }) => stage === "before").slice(1);
  t.match(before, [
    { path: "/volume/create", verb: "create", resource: "volumes", name: "d" },
    { path: "/volume/attach", verb: "update", resource: "virtualmachines", name: "web" },
    { path: "/volume/detach", verb: "update", resource: "virtualmachines", name: "web" },
    { path: "/volume/destroy", verb: "delete", resource: "volumes", name: "d" },
  ]);
});

t.test("without an audit log nothing is made", async (t) => {
  const appendDurably = async () => {
    throw new StatusError("ServiceUnavailable", "the audit log cannot be written: no space left");
  };
  await using seed = await startSeed({ audit: { append: () => {}, appendDurably } });
  t.same(await seed.ask(create), { vmid: 0 });
  t.same((await seed.cluster.store.list(VirtualMachineKind)).items, []);
});

t.test("what an operator has taken back is a failure like any other, and a denial in the log", async (t) => {
  await using seed = await startSeed();
  await seed.ask(create);
  await seed.ask("/volume/create?name=d&size=1");
  const machine = await seed.cluster.machine("web");
  seed.narrow([{ verbs: ["get"], apiGroups: ["ostler.dev"], resources: ["virtualmachines"] }]);
  const told = seed.told.length;
  const refused = [
    ["/vm/create?name=b&instance_type=1", { vmid: 0 }],
    ["/vm/destroy?vmid=1", { status: 0 }],
    ["/vm/types", 0],
    ["/image/list", 0],
    ["/pm/list", 0],
    ["/pm/query?pmid=1", 0],
    ["/pm/listvms?pmid=1", 0],
    ["/volume/create?name=e&size=1", { volumeid: 0 }],
    ["/volume/query?volumeid=1", { error: "volumeid : 1 does not exist" }],
    ["/volume/attach?vmid=1&volumeid=1", { status: 0 }],
    ["/volume/detach?volumeid=1", { status: 0 }],
    ["/volume/destroy?volumeid=1", { status: 0 }],
  ] as const;
  for (const [path, answer] of refused) t.same(await seed.ask(path), answer, path);
  t.match(await seed.ask("/vm/query?vmid=1"), { vmid: 1 }, "the one thing that is left");
  const denials = seed.told.slice(told);
  t.equal(denials.length, refused.length);
  for (const denial of denials) {
    t.match(denial, { stage: "done", decision: "deny", reason: /User "system:seed" cannot/ });
  }
  t.same(await seed.cluster.machine("web"), machine, "and nothing was done");
  const { headers } = await seed.app.inject("/vm/destroy?vmid=1");
  t.match(headers["ostler-reason"], /cannot delete resource "virtualmachines".* in the namespace "default"/);
});

t.test("a role in one namespace lets nobody touch a machine of another", async (t) => {
  await using seed = await startSeed();
  const { store } = seed.cluster;
  await store.create(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
  const theirs = { ...smallMachine, metadata: { name: "theirs", namespace: "team" } };
  await store.create(VirtualMachineKind, admit(VirtualMachineKind, theirs));
  await seed.cluster.settle();
  seed.narrow([{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }]);
  t.same(await seed.ask("/vm/destroy?vmid=1"), { status: 0 });
  t.same(await seed.ask("/vm/query?vmid=1"), 0);
  t.match(
    seed.told.map(({ reason }) => reason),
    [/cannot delete.* in the namespace "team"/, /cannot get.* in the namespace "team"/],
  );
  t.same(await seed.ask(create), { vmid: 2 });
});

t.test("who is denied over and over is not written down each time", async (t) => {
  await using seed = await startSeed();
  seed.narrow([]);
  for (let count = 0; count < 200; count += 1) await seed.app.inject("/vm/destroy?vmid=1");
  for (let count = 0; count < 200; count += 1) await seed.app.inject(create);
  t.ok(seed.told.length >= 100 && seed.told.length < 150, `${seed.told.length} records`);
});

t.test("a page of another site is a stranger, and that is a denial", async (t) => {
  await using seed = await startSeed();
  await seed.app.inject({ url: create, headers: { origin: "https://evil.example.org" } });
  t.match(seed.told, [{ decision: "deny", reason: /another site/, path: "/vm/create" }]);
});
