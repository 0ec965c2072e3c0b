import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { passTime, type SeedFixture, startSeed } from "../../testing/seed-fixture.ts";

const gib = 2 ** 30;
const host = (name: string, cpus = 2, memoryBytes = 64 * gib) => ({
  name,
  cpus,
  memoryBytes,
  diskBytes: 1024 * gib,
});
const create = (name: string, more = "") =>
  `/vm/create?name=${encodeURIComponent(name)}&instance_type=1${more}`;

async function machines({ cluster }: SeedFixture) {
  return (await cluster.store.list(VirtualMachineKind)).items;
}

/** How many domains run on all hosts together. */
function running({ cluster }: SeedFixture): number {
  return [...cluster.hypervisor.hosts].flatMap(({ domains }) => [...domains]).filter(({ active }) => active)
    .length;
}

/** All that machines have left on hosts. */
function traces({ cluster }: SeedFixture): readonly string[] {
  return [...cluster.hypervisor.hosts].flatMap((found) => [
    ...[...found.domains].map(({ domainName }) => domainName),
    ...cluster.volumesOn(found).filter((name) => name.startsWith("vm-")),
  ]);
}

t.test("the answer comes when the machine runs, and says how it is known from now on", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")] });
  t.same(await seed.ask(create("test VM_1")), { vmid: 1 });
  const [vm] = await machines(seed);
  t.equal(running(seed), 1);
  t.match(vm, {
    metadata: { name: /^test-vm-1-/, annotations: { "ostler.dev/seed-name": "test VM_1" } },
    spec: {
      instanceType: "small",
      disks: [{ name: "root", image: "debian" }],
      terminationGracePeriodSeconds: 0,
    },
    status: { printableStatus: "Running", hostName: "h1" },
  });
  t.equal(vm?.metadata.annotations?.["ostler.dev/seed-pending"], undefined);
  t.same(await seed.ask("/vm/query?vmid=1"), { vmid: 1, name: "test VM_1", instance_type: 1, pmid: 1 });
});

t.test("on its host a machine is called what it was asked for as, where hosts take that", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")] });
  for (const name of ["test_vm", "Web.1", "12", "a b"]) await seed.ask(create(name));
  const names = [...seed.cluster.hypervisor.host("h1").domains].map(({ domainName }) => domainName);
  t.match(names, ["test_vm", "Web.1", /^default-12-/, /^default-a-b-/]);
  seed.cluster.hypervisor.host("h1").addDomain({
    uid: "ffffffff-0000-4000-8000-000000000000",
    domainName: "foreign",
  });
  await seed.cluster.settle(60_000);
  t.same(await seed.ask(create("foreign")), { vmid: 0 }, "another domain has the name");
  t.equal((await machines(seed)).length, 4);
});

t.test("settings say which policy and which network machines get", async (t) => {
  await using seed = await startSeed({ settings: { network: "default", namespace: "default" } });
  t.same(await seed.ask(create("a")), { vmid: 1 });
  t.match(await machines(seed), [{ spec: { networks: [{ name: "main", network: "default" }] } }]);
});

t.test("one request makes several machines, or none", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1", 1), host("h2", 1)] });
  t.same(await seed.ask(create("web", "&count=5")), { vmids: [1, 2, 3, 4, 5] });
  t.match(await seed.ask("/vm/query?vmid=5"), { name: "web-5" });
  t.same(await seed.ask(create("more", "&count=4")), { vmid: 0 }, "there is room for three");
  t.equal((await machines(seed)).length, 5);
  t.equal(running(seed), 5);
  t.same(await seed.ask(create("more", "&count=3")), { vmids: [7, 8, 9].map((id) => id - 1) });
});

const impossible: readonly (readonly [string, string])[] = [
  ["without a name", "/vm/create?instance_type=1"],
  ["of a type that there is not", "/vm/create?name=b&instance_type=7"],
  ["of a type with a negative number", "/vm/create?name=b&instance_type=-1"],
  ["of a type with a huge number", `/vm/create?name=b&instance_type=${"9".repeat(300)}`],
  ["from an image that there is not", create("b", "&image_id=7")],
  ["with a name that is taken", create("taken")],
  ["that fit nowhere", "/vm/create?name=b&instance_type=2"],
];

t.test("what cannot be served fails at once, and nothing is left of it", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")] });
  t.same(await seed.ask(create("taken")), { vmid: 1 });
  await seed.cluster.addInstanceType("huge", 100, "1Gi");
  await seed.ask("/vm/types");
  const before = traces(seed);
  for (const [what, path] of impossible) {
    t.same(await seed.ask(path), { vmid: 0 }, `machines ${what}`);
    t.equal((await machines(seed)).length, 1, `nothing is left of machines ${what}`);
  }
  t.same(traces(seed), before);
});

t.test("a name that would be dangerous elsewhere is a name", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1", 16)] });
  const names = [
    "$(touch /tmp/x)",
    "`reboot`",
    "'; drop table vms; --",
    "../../etc/passwd",
    "<name>x</name>",
    'a"b',
  ];
  for (const [index, name] of names.entries()) {
    t.same(await seed.ask(create(name)), { vmid: index + 1 }, name);
    t.match(await seed.ask(`/vm/query?vmid=${index + 1}`), { name });
    t.same(await seed.ask(create(name)), { vmid: 0 }, "and is taken then");
  }
  for (const domain of seed.cluster.hypervisor.host("h1").domains)
    t.match(domain.domainName, /^[A-Za-z0-9._-]+$/);
});

t.test("200 ask at once for what there is room for 100 of: the first 100 get it", async (t) => {
  await using seed = await startSeed({ hosts: ["h1", "h2", "h3", "h4", "h5"].map((name) => host(name, 5)) });
  let most = 0;
  const stop = new AbortController();
  const watch = (async () => {
    const events = seed.cluster.store.watch(VirtualMachineKind, { signal: stop.signal });
    for await (const _event of events) {
      for (const found of seed.cluster.hypervisor.hosts) most = Math.max(most, [...found.domains].length);
    }
  })();
  const answers = await seed.askAll(Array.from({ length: 200 }, (_, index) => create(`vm ${index}`)));
  stop.abort();
  await watch;
  const ids = answers.map((answer) => Number(Object(answer).vmid));
  t.ok(
    ids.slice(0, 100).every((id) => id > 0),
    "first come, first served",
  );
  t.ok(ids.slice(100).every((id) => id === 0));
  t.equal(new Set(ids.slice(0, 100)).size, 100);
  t.equal(most, 20, "no host was promised to more than it has room for");
  t.equal(running(seed), 100);
  t.equal((await machines(seed)).length, 100);
  const lists = await seed.askAll([1, 2, 3, 4, 5].map((pmid) => `/pm/listvms?pmid=${pmid}`));
  const listed = lists.flatMap((list) => Object(list).vmids);
  t.same(
    listed.toSorted((a, b) => a - b),
    ids.slice(0, 100).toSorted((a, b) => a - b),
  );
});

t.test("when too many wait, who comes next has failed at once", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1", 16)], waitingMax: 2 });
  const answers = await seed.askAll(Array.from({ length: 8 }, (_, index) => create(`vm${index}`)));
  const made = answers.filter((answer) => Object(answer).vmid > 0).length;
  t.ok(made >= 3 && made < 8, `${made} of 8`);
  t.equal((await machines(seed)).length, made);
});

t.test("a machine that does not start has failed, and is gone", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")] });
  seed.cluster.hypervisor.host("h1").faults.failNext("startDomain", new Error("no memory"));
  t.same(await seed.ask(create("a")), { vmid: 0 });
  t.same(await machines(seed), []);
  t.same(traces(seed), []);
});

t.test("why a machine takes too long is told", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")], settings: { timeoutMs: 20_000 } });
  const { faults } = seed.cluster.hypervisor.host("h1");
  for (let count = 0; count < 50; count += 1)
    faults.failNext("ensureVolume", new Error("there is no qemu-img"));
  const asked = await passTime(seed.cluster, seed.app.inject(create("a")));
  t.equal(asked.payload, '{"vmid":0}');
  t.match(asked.headers["ostler-reason"], /^not done within 20 s: .*there is no qemu-img/);
  t.same(await machines(seed), []);
});

t.test("a machine that takes too long has failed, and is gone as soon as its host answers", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")], settings: { timeoutMs: 10_000 } });
  const found = seed.cluster.hypervisor.host("h1");
  found.cut();
  const { clock } = seed.cluster;
  const began = clock.now();
  t.same(await seed.ask(create("a")), { vmid: 0 });
  t.ok(clock.now() - began <= 30_000, `${clock.now() - began} ms`);
  found.heal();
  await seed.cluster.settle(120_000);
  t.same(await machines(seed), []);
  t.same(traces(seed), []);
  t.same(await seed.ask(create("a")), { vmid: 1 }, "and its name is free");
});

t.test("who goes away before the answer leaves nothing behind", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")] });
  const { store } = seed.cluster;
  const gone = new AbortController();
  const asked = seed.app.inject({ method: "GET", url: create("a"), signal: gone.signal }).catch(() => "gone");
  const stop = new AbortController();
  for await (const { type } of store.watch(VirtualMachineKind, { signal: stop.signal })) {
    if (type === "ADDED") gone.abort();
    stop.abort();
  }
  await passTime(seed.cluster, asked);
  await seed.cluster.settle(20_000);
  t.same(await machines(seed), []);
  t.same(traces(seed), []);
});

t.test("numbers go on after a restart, and who was not told of a machine has none", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")] });
  t.same(await seed.ask(create("a")), { vmid: 1 });
  t.same(await seed.ask(create("b")), { vmid: 2 });
  t.same(await seed.ask("/vm/destroy?vmid=2"), { status: 1 });
  await seed.restart();
  t.match(await seed.ask("/vm/query?vmid=1"), { vmid: 1, name: "a" });
  t.same(await seed.ask("/vm/query?vmid=2"), 0);
  t.same(await seed.ask(create("b")), { vmid: 3 });
});

t.test("a machine that somebody deletes while it is made has failed", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")] });
  seed.cluster.hypervisor.host("h1").faults.hang();
  const asked = seed.ask(create("a"));
  await seed.cluster.settle(2_000);
  const [vm] = await machines(seed);
  t.equal(findCondition(vm?.status?.conditions, "Scheduled")?.status, "True");
  await seed.cluster.remove("a");
  t.same(await asked, { vmid: 0 });
  seed.cluster.hypervisor.host("h1").faults.unhang();
  await seed.cluster.settle(60_000);
  t.same(traces(seed), []);
});

t.test("a server that ends takes back what it has not told anybody of", async (t) => {
  await using seed = await startSeed({ hosts: [host("h1")] });
  const { faults } = seed.cluster.hypervisor.host("h1");
  faults.hang();
  const asked = seed.app.inject(create("a"));
  await seed.cluster.settle(2_000);
  t.equal((await machines(seed)).length, 1);
  await seed.app.close();
  faults.unhang();
  await seed.cluster.settle(60_000);
  t.match((await asked.catch(() => ({ payload: "" }))).payload, /^(\{"vmid":0\})?$/);
  t.same(await machines(seed), []);
  t.same(traces(seed), []);
});
