import t from "tap";
import { type SeedFixture, startSeed } from "../../testing/seed-fixture.ts";

const attach = (vmid: number | string, volumeid: number | string) =>
  `/volume/attach?vmid=${vmid}&volumeid=${volumeid}`;
const detach = (volumeid: number | string) => `/volume/detach?volumeid=${volumeid}`;
const query = (volumeid: number) => `/volume/query?volumeid=${volumeid}`;

/** Two machines and two volumes. */
async function setUp(hosts = [{ name: "h1" }]): Promise<SeedFixture> {
  const seed = await startSeed({ hosts });
  for (const name of ["a", "b"]) {
    await seed.ask(`/vm/create?name=${name}&instance_type=1`);
    await seed.ask(`/volume/create?name=${name}&size=1`);
  }
  return seed;
}

/** What the process of a machine's domain has. */
async function targetsOf({ cluster }: SeedFixture, name: string): Promise<readonly string[]> {
  return (await cluster.domain(name)).volumes.map(({ target }) => target);
}

t.test("a volume is attached when the machine has it, and free when it has given it back", async (t) => {
  await using seed = await setUp();
  t.same(await seed.ask(attach(1, 1)), { status: 1 });
  t.equal((await targetsOf(seed, "a")).length, 1, "its domain has it");
  t.same(await seed.ask(attach(1, 2)), { status: 1 }, "and a second one, in a place of its own");
  t.equal(new Set(await targetsOf(seed, "a")).size, 2);
  for (const id of [1, 2]) t.match(await seed.ask(query(id)), { status: "attached", vmid: 1 });
  t.same(await seed.ask(detach(1)), { status: 1 });
  t.equal((await targetsOf(seed, "a")).length, 1);
  t.match(await seed.ask(query(1)), { status: "available" });
});

t.test("one machine has it at a time", async (t) => {
  await using seed = await setUp();
  t.same(await seed.ask(attach(1, 1)), { status: 1 });
  for (const vmid of [1, 2]) t.same(await seed.ask(attach(vmid, 1)), { status: 0 });
  t.same(await seed.ask(detach(1)), { status: 1 });
  t.same(await seed.ask(detach(1)), { status: 0 });
  t.same(
    await seed.askAll([attach(1, 1), attach(2, 1)]),
    [{ status: 1 }, { status: 0 }],
    "who asks first has it",
  );
  t.match(await seed.ask(query(1)), { status: "attached", vmid: 1 });
});

t.test("what there is not is neither attached nor a place to attach to", async (t) => {
  await using seed = await setUp();
  for (const [vmid, volumeid] of [
    [9, 1],
    [1, 9],
    ["", 1],
    [1, ""],
    [-1, 1],
    ["x", "y"],
  ] as const) {
    t.same(await seed.ask(attach(vmid, volumeid)), { status: 0 }, `${vmid} ${volumeid}`);
  }
  t.match(await seed.ask(query(1)), { status: "available" });
});

t.test("a volume goes to the host of its machine", async (t) => {
  await using seed = await setUp([{ name: "h1" }, { name: "h2" }]);
  for (const [vmid, volumeid] of [
    [1, 1],
    [2, 2],
  ] as const) {
    t.same(await seed.ask(attach(vmid, volumeid)), { status: 1 });
    t.same(await seed.ask(detach(volumeid)), { status: 1 });
  }
  t.same(await seed.ask(attach(2, 1)), { status: 1 });
  t.match(await seed.ask(query(1)), { status: "attached", vmid: 2 });
});

t.test("a machine that goes leaves its volumes, free and whole", async (t) => {
  await using seed = await setUp();
  t.same(await seed.ask(attach(1, 1)), { status: 1 });
  t.same(await seed.ask("/vm/destroy?vmid=1"), { status: 1 });
  await seed.cluster.settle(5_000);
  t.same(await seed.ask(query(1)), { volumeid: 1, name: "a", size: 1, status: "available" });
  t.same(await seed.ask(attach(2, 1)), { status: 1 });
});

t.test("on a host that does not answer nothing is attached, at once", async (t) => {
  await using seed = await setUp();
  seed.cluster.hypervisor.host("h1").powerOff();
  await seed.cluster.settle(2_000);
  const began = seed.cluster.clock.now();
  t.same(await seed.ask(attach(1, 1)), { status: 0 });
  t.ok(seed.cluster.clock.now() - began < 1_000);
});

t.test("a guest that does not let go keeps its volume, and that is what is said", async (t) => {
  await using seed = await setUp();
  t.same(await seed.ask(attach(1, 1)), { status: 1 });
  const domain = await seed.cluster.domain("a");
  domain.guest = { ...domain.guest, keepsVolumes: true };
  t.same(await seed.ask(detach(1)), { status: 0 });
  await seed.cluster.settle(5_000);
  t.match(await seed.ask(query(1)), { status: "attached", vmid: 1 });
  t.same(await seed.ask("/volume/destroy?volumeid=1"), { status: 0 });
  domain.guest = { ...domain.guest, keepsVolumes: false };
  t.same(await seed.ask(detach(1)), { status: 1 });
});
