import t from "tap";
import { startSeed } from "../../testing/seed-fixture.ts";

t.test("a volume is told of by its number, with its machine while it has one", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  t.same(await seed.ask("/volume/create?name=my%20data&size=2"), { volumeid: 1 });
  const free = { volumeid: 1, name: "my data", size: 2, status: "available" };
  t.same(await seed.ask("/volume/query?volumeid=1"), free);
  t.same(await seed.ask("/vm/create?name=a&instance_type=1"), { vmid: 1 });
  t.same(await seed.ask("/volume/attach?vmid=1&volumeid=1"), { status: 1 });
  t.same(await seed.ask("/volume/query?volumeid=1"), { ...free, status: "attached", vmid: 1 });
  t.same(await seed.ask("/volume/destroy?volumeid=1"), { status: 0 }, "not while it is attached");
  t.same(await seed.ask("/volume/detach?volumeid=1"), { status: 1 });
  t.same(await seed.ask("/volume/query?volumeid=1"), free);
});

t.test("destroyed is answered when the data is gone, once", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  const host = seed.cluster.hypervisor.host("h1");
  t.same(await seed.ask("/volume/create?name=a&size=1"), { volumeid: 1 });
  t.equal(seed.cluster.volumesOn(host).length, 1);
  t.same(await seed.ask("/volume/destroy?volumeid=1"), { status: 1 });
  t.same(seed.cluster.volumesOn(host), []);
  t.same(await seed.ask("/volume/destroy?volumeid=1"), { status: 0 });
  t.same(await seed.ask("/volume/query?volumeid=1"), { error: "volumeid : 1 does not exist" });
  t.same(await seed.ask("/volume/create?name=a&size=1"), { volumeid: 2 }, "no number is given again");
});

t.test("nothing is told of what there is not, or cannot be seen", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  for (const id of ["", "1", "-1", "x", "9".repeat(50)]) {
    t.same(await seed.ask(`/volume/query?volumeid=${id}`), { error: `volumeid : ${id} does not exist` });
    for (const call of ["destroy", "detach"])
      t.same(await seed.ask(`/volume/${call}?volumeid=${id}`), { status: 0 });
  }
  t.same(await seed.ask("/volume/create?name=a&size=1"), { volumeid: 1 });
  seed.cluster.hypervisor.host("h1").powerOff();
  await seed.cluster.settle(60_000);
  t.same(await seed.ask("/volume/query?volumeid=1"), { error: "volumeid : 1 does not exist" });
});
