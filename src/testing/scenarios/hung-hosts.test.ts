import t from "tap";
import { Cluster } from "../cluster.ts";

const hungCount = 40;
const machinesOnEach = 32;

/** Hosts full of machines that all hang while each machine is about to be looked at; and one that is well. */
async function withHungHosts() {
  const hosts = Array.from({ length: hungCount }, (_, index) => ({ name: `h${index + 1}`, cpus: 64 }));
  const cluster = await Cluster.start({ hosts });
  // So many hosts are not connected all at once.
  await cluster.settle(5_000);
  for (let index = 0; index < hungCount * machinesOnEach; index++) {
    await cluster.addMachine(`m${index}`, { memory: "64Mi" });
  }
  await cluster.settle(10_000);
  cluster.hypervisor.addHost({ name: "good", cpus: 64 });
  await cluster.addHost("good");
  await cluster.settle(2_000);
  const hung = hosts.map(({ name }) => cluster.hypervisor.host(name));
  for (const host of hung) host.faults.hang();
  for (const host of hung) for (const domain of [...host.domains]) domain.kill();
  return { cluster, hung };
}

t.test("machines on hosts that answer wait for none of those on hosts that hang", async (t) => {
  const { cluster, hung } = await withHungHosts();
  await using _cluster = cluster;
  const held = hung.reduce((sum, host) => sum + [...host.domains].length, 0);
  t.equal(held, hungCount * machinesOnEach);
  // By now they are known to be silent: nothing new is placed there.
  await cluster.settle(9_000);
  await cluster.addMachine("new", { memory: "64Mi" });
  await cluster.settle(1_000);
  t.equal(await cluster.word("new"), "Running");
  t.equal((await cluster.machine("new")).status?.hostName, "good");
  const domain = await cluster.domain("new");
  domain.kill();
  await cluster.settle(1_000);
  t.equal(domain.starts, 2);
  for (const host of hung) host.faults.unhang();
  await cluster.settle(120_000);
  t.equal(await cluster.word("m0"), "Running");
  t.same(cluster.invariants.breaches, []);
});
