import t from "tap";
import { admit } from "../schema/admission.ts";
import { type ResourceQuota, ResourceQuotaKind } from "../schema/resource-quota.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { machinesPath, smallMachine, startApi } from "./api-fixture.ts";
import { startSeed } from "./seed-fixture.ts";
import { machineYaml, openSourceWorld } from "./source-fixture.ts";

const quota = (count: number): ResourceQuota =>
  admit(ResourceQuotaKind, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "q", namespace: "default" },
    spec: { hard: { "count/virtualmachines.ostler.dev": count } },
  });

t.test("the API admits what a quota leaves, however many ask at once", async (t) => {
  await using api = await startApi();
  t.equal(
    (await api.call("POST", "/api/v1/namespaces/default/resourcequotas", { body: quota(3) })).code,
    201,
  );
  const names = Array.from({ length: 20 }, (_, index) => `m${index}`);
  const answers = await Promise.all(
    names.map((name) =>
      api.call("POST", machinesPath, { body: { ...smallMachine, metadata: { name, namespace: "default" } } }),
    ),
  );
  t.equal(answers.filter(({ code }) => code === 201).length, 3);
  t.match(answers.find(({ code }) => code !== 201)?.json, {
    reason: "Forbidden",
    code: 403,
    message: /exceeded quota: q, requested: count\/virtualmachines.*=1, used: .*=3, limited: .*=3$/,
  });
  const apply = await api.call("PATCH", `${machinesPath}/more?fieldManager=t`, {
    body: { ...smallMachine, metadata: { name: "more", namespace: "default" } },
    headers: { "content-type": "application/apply-patch+yaml" },
  });
  t.equal(apply.code, 403, "an apply too");
});

t.test("a folder of manifests is held to quotas, and says what was refused", async (t) => {
  const world = await openSourceWorld(t);
  await world.engine.store.create(ResourceQuotaKind, quota(1));
  world.folder.put("one.yaml", machineYaml("one"));
  world.folder.put("two.yaml", machineYaml("two"));
  await world.look();
  t.equal((await world.machines()).length, 1);
  t.match((await world.source()).status?.problems, [{ message: /exceeded quota: q/ }]);
});

t.test("the flat API is held to quotas", async (t) => {
  await using seed = await startSeed();
  await seed.cluster.store.create(ResourceQuotaKind, quota(1));
  const create = "/vm/create?name=test&instance_type=1";
  const answers = [await seed.ask(create), await seed.ask(create.replace("test", "more"))];
  const { items } = await seed.cluster.store.list(VirtualMachineKind);
  t.equal(items.length, 1, JSON.stringify(answers));
});
