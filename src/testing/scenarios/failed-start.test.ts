import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { Cluster } from "../cluster.ts";

const hosts = ["h1", "h2", "h3", "h4"].map((name) => ({ name }));
const noMemory = new StatusError("InternalError", "cannot set up guest memory");

/** From now on nothing starts on these hosts. */
function spoil(cluster: Cluster, ...names: readonly string[]): void {
  for (const name of names) {
    for (let count = 0; count < 50; count += 1) {
      cluster.hypervisor.host(name).faults.failNext("startDomain", noMemory);
    }
  }
}

function traces(cluster: Cluster, name: string): number {
  const host = cluster.hypervisor.host(name);
  const volumes = host.pool(Cluster.clusterId).list();
  return [...host.domains].length + volumes.filter((volume) => !volume.name.startsWith("image-")).length;
}

t.test("a host that cannot start a machine is left for the next, and nothing stays there", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  spoil(cluster, "h1");
  await cluster.addMachine("web", { disks: [{ name: "data", size: "1Gi" }] });
  await cluster.settle(3_000);
  const { status } = await cluster.machine("web");
  t.match(status, { printableStatus: "Running", hostName: "h2", placementEpoch: 2 });
  const { hostUuid } = cluster.hypervisor.host("h1").facts;
  t.match(status?.departure, { proof: "ObservedAbsent", hostName: "h1", hostUuid, epoch: 1 });
  t.match(status?.decisions, [
    { type: "Placed", hostName: "h2" },
    { type: "StartFailed", message: /host "h1": cannot set up guest memory/ },
    { type: "Placed", hostName: "h1" },
  ]);
  t.notOk(status?.failedHosts, "it has run: what went before is over");
  t.equal(traces(cluster, "h1"), 0);
  t.equal((await cluster.domain("web")).observed.mark?.epoch, 2);
});

t.test("the next machines avoid the host that failed, for some minutes", async (t) => {
  await using cluster = await Cluster.start({ hosts: hosts.slice(0, 2) });
  spoil(cluster, "h1");
  await cluster.addMachine("first");
  await cluster.settle(3_000);
  cluster.hypervisor.host("h1").faults.mend();
  for (const name of ["second", "third"]) await cluster.addMachine(name);
  await cluster.settle(3_000);
  for (const name of ["second", "third"]) t.equal((await cluster.machine(name)).status?.hostName, "h2");
  await cluster.settle(11 * 60_000);
  await cluster.addMachine("fourth");
  await cluster.settle(3_000);
  t.equal((await cluster.machine("fourth")).status?.hostName, "h1");
});

t.test("after three hosts it stays where it is and waits longer each time", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  spoil(cluster, "h1", "h2", "h3", "h4");
  await cluster.addMachine("web");
  await cluster.settle(120_000);
  const { status } = await cluster.machine("web");
  t.match(status, { printableStatus: "CrashLoopBackOff", hostName: "h3", failedHosts: ["h1", "h2"] });
  t.ok((status?.startFailure?.consecutiveFailCount ?? 0) > 2);
});

t.test("where no other host can take it, it waits where it is", async (t) => {
  await using cluster = await Cluster.start({ hosts: hosts.slice(0, 1) });
  spoil(cluster, "h1");
  await cluster.addMachine("web");
  await cluster.settle(15_000);
  t.match((await cluster.machine("web")).status, { printableStatus: "CrashLoopBackOff", hostName: "h1" });
});

t.test("a machine that has run never leaves its host this way: its disks hold data", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  await cluster.addMachine("web", { disks: [{ name: "data", size: "1Gi" }] });
  await cluster.settle(30_000);
  spoil(cluster, "h1");
  (await cluster.domain("web")).kill();
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, { printableStatus: "CrashLoopBackOff", hostName: "h1" });
});

t.test("a start of which the answer was lost is looked at, not taken for failed", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  cluster.hypervisor.host("h1").faults.loseNextReply("startDomain");
  await cluster.addMachine("web");
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, {
    printableStatus: "Running",
    hostName: "h1",
    placementEpoch: 1,
  });
});
