import t from "tap";
import { startSeed } from "../../testing/seed-fixture.ts";

const gib = 2 ** 30;
const hosts = [
  { name: "h1", cpus: 4, memoryBytes: 8 * gib, diskBytes: 100 * gib },
  { name: "h2", cpus: 2, memoryBytes: 4 * gib, diskBytes: 50 * gib },
];

t.test("a host tells what it has, what is left and how many machines are on it", async (t) => {
  await using seed = await startSeed({ hosts });
  const { cluster } = seed;
  for (const { name } of hosts) {
    await cluster.editHost(name, { overcommit: { cpu: 1, memory: 1, disk: 1 } });
  }
  await cluster.settle(30_000);
  t.same(await seed.ask("/pm/list"), { pmids: [1, 2] });
  const before = Object(await seed.ask("/pm/query?pmid=1"));
  t.match(before, {
    pmid: 1,
    capacity: { cpu: 4, ram: 8192, disk: 100 },
    free: { cpu: 4, disk: 100 },
    vms: 0,
  });
  const { reserved } = (await cluster.host("h1")).spec;
  t.equal(before.free.ram, 8192 - Number.parseInt(reserved.memory, 10), "what the host keeps is not free");
  for (const name of ["a", "b", "c"]) await seed.ask(`/vm/create?name=${name}&instance_type=1`);
  for (const pmid of [1, 2]) {
    const { vmids } = Object(await seed.ask(`/pm/listvms?pmid=${pmid}`));
    const { capacity, free, vms } = Object(await seed.ask(`/pm/query?pmid=${pmid}`));
    t.equal(vms, vmids.length);
    t.equal(free.cpu, capacity.cpu - vmids.length);
    t.equal(free.disk, capacity.disk - vmids.length);
  }
});

t.test("the older forms mean the same", async (t) => {
  await using seed = await startSeed({ hosts });
  await seed.ask("/vm/create?name=a&instance_type=1");
  t.same(await seed.ask("/pm/1"), await seed.ask("/pm/query?pmid=1"));
  t.same(await seed.ask("/pm/1/listvms"), await seed.ask("/pm/listvms?pmid=1"));
  t.same(await seed.ask("/pm/1?pmid=2"), await seed.ask("/pm/query?pmid=1"), "the path counts");
});

t.test("nothing is told of hosts that there are not; an empty host has an empty list", async (t) => {
  await using seed = await startSeed({ hosts });
  for (const pmid of ["", "3", "0", "-1", "h1", "9".repeat(99)]) {
    for (const call of ["query", "listvms"]) t.same(await seed.ask(`/pm/${call}?pmid=${pmid}`), 0, pmid);
  }
  t.same(await seed.ask("/pm/9"), 0);
  t.same(await seed.ask("/pm/listvms?pmid=2"), { vmids: [] });
});

t.test("a domain that is not ours takes room and is no machine", async (t) => {
  await using seed = await startSeed({ hosts });
  const { cluster } = seed;
  const free = async () => Object(await seed.ask("/pm/query?pmid=2")).free.cpu;
  const before = await free();
  cluster.hypervisor.host("h2").addDomain({
    uid: "ffffffff-0000-4000-8000-000000000000",
    domainName: "foreign",
    cpus: 1,
    memoryBytes: gib,
    running: true,
  });
  await cluster.settle(60_000);
  t.equal(await free(), before - 1);
  t.match(await seed.ask("/pm/query?pmid=2"), { vms: 0 });
});
