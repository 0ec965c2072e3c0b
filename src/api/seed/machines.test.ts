import t from "tap";
import { startSeed } from "../../testing/seed-fixture.ts";

const query = (vmid: number | string) => `/vm/query?vmid=${vmid}`;
const destroy = (vmid: number | string) => `/vm/destroy?vmid=${vmid}`;

t.test("machines of every origin have numbers and are told of", async (t) => {
  await using seed = await startSeed();
  await seed.cluster.addMachine("kube", { instanceType: "small" });
  await seed.cluster.addMachine("own", { cpus: 2, memory: "1Gi" });
  await seed.cluster.settle(5_000);
  t.same(await seed.ask("/vm/create?name=flat&instance_type=1"), { vmid: 1 });
  t.same(await seed.ask("/pm/listvms?pmid=1"), { vmids: [1, 2, 3] });
  t.same(await seed.ask(query(2)), { vmid: 2, name: "kube", instance_type: 1, pmid: 1 });
  t.same(await seed.ask(query(3)), { vmid: 3, name: "own", instance_type: 0, pmid: 1 }, "a size of its own");
});

t.test("nothing is told of what there is not", async (t) => {
  await using seed = await startSeed();
  for (const vmid of ["", "1", "0", "-1", "abc", "9".repeat(200), "1.0"]) {
    t.same(await seed.ask(query(vmid)), 0, vmid);
    t.same(await seed.ask(destroy(vmid)), { status: 0 }, vmid);
  }
});

t.test("a machine that was killed or undefined is not there until it has been mended", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  t.same(await seed.ask("/vm/create?name=a&instance_type=1"), { vmid: 1 });
  const host = seed.cluster.hypervisor.host("h1");
  // Nothing can be mended while nothing is answered: the first look then finds it gone.
  const domain = await seed.cluster.domain("a");
  host.faults.failNext("startDomain", new Error("not now"));
  domain.destroy();
  await seed.cluster.settle(500);
  const { payload } = await seed.app.inject(query(1));
  t.equal(payload, "0");
  await seed.cluster.settle(60_000);
  t.match(await seed.ask(query(1)), { vmid: 1, pmid: 1 }, "mended, it is the same machine");
});

t.test("a machine on a host that does not answer is nowhere that anybody could name", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  t.same(await seed.ask("/vm/create?name=a&instance_type=1"), { vmid: 1 });
  seed.cluster.hypervisor.host("h1").powerOff();
  await seed.cluster.settle(2_000);
  for (const path of [query(1), "/pm/query?pmid=1", "/pm/listvms?pmid=1"])
    t.same(await seed.ask(path), 0, path);
  t.same(await seed.ask("/pm/list"), { pmids: [1] });
  seed.cluster.hypervisor.host("h1").powerOn();
  await seed.cluster.settle(120_000);
  t.match(await seed.ask(query(1)), { vmid: 1, pmid: 1 });
});

t.test("destroyed is answered when domain and disks are gone, once", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  const host = seed.cluster.hypervisor.host("h1");
  t.same(await seed.ask("/vm/create?name=a&instance_type=1"), { vmid: 1 });
  t.equal([...host.domains].length, 1);
  t.same(await seed.ask(destroy(1)), { status: 1 });
  t.same([...host.domains], []);
  t.same(
    seed.cluster.volumesOn(host).filter((name) => name.startsWith("vm-")),
    [],
  );
  t.same(await seed.ask(destroy(1)), { status: 0 });
  t.same(await seed.ask(query(1)), 0);
});

t.test("a machine that cannot be removed in time is not said to be gone", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }], settings: { timeoutMs: 5_000 } });
  t.same(await seed.ask("/vm/create?name=a&instance_type=1"), { vmid: 1 });
  const host = seed.cluster.hypervisor.host("h1");
  host.powerOff();
  t.same(await seed.ask(destroy(1)), { status: 0 });
  host.powerOn();
  await seed.cluster.settle(120_000);
  t.same([...host.domains], [], "it goes as soon as its host answers");
  t.same(await seed.ask(destroy(1)), { status: 0 });
});
