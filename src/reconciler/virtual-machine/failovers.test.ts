import t, { type Test } from "tap";
import { stateFence } from "../../api/kubernetes/host-fence.ts";
import { findCondition } from "../../schema/conditions.ts";
import { HostKind } from "../../schema/host.ts";
import type { Store } from "../../store/store.ts";
import { Cluster } from "../../testing/cluster.ts";
import { unheardStore } from "../../testing/unheard-store.ts";

const disks = [{ name: "data", size: "1Gi" }];
const stated = {
  reason: "it burnt",
  expiresInSeconds: 3600,
  machines: "All",
  evenInMassOutage: false,
} as const;

/** A machine on h1, which is cut off; h2 takes machines if so told. Each host has room for four CPUs. */
async function fixture(others: readonly string[] = ["h2"], wrapStore = (store: Store): Store => store) {
  const hosts = ["h1", "h2"].map((name) => ({ name, cpus: 1 }));
  const cluster = await Cluster.start({ hosts, wrapStore });
  await cluster.editHost("h2", { unschedulable: true });
  await cluster.addMachine("web", { disks });
  await cluster.settle(10_000);
  for (const name of others) await cluster.editHost(name, { unschedulable: false });
  const [h1, h2] = [cluster.hypervisor.host("h1"), cluster.hypervisor.host("h2")];
  h1.cut();
  await cluster.settle(60_000);
  const confirm = async () => {
    const asker = { userName: "admin", now: cluster.clock.now() };
    await cluster.store.updateStatus(HostKind, stateFence(await cluster.host("h1"), stated, asker));
    await cluster.settle(5_000);
  };
  const withdraw = async () => {
    const host = await cluster.host("h1");
    const { fence: _fence, ...status } = host.status ?? {};
    await cluster.store.updateStatus(HostKind, { ...host, status });
    await cluster.settle(5_000);
  };
  return { cluster, h1, h2, confirm, withdraw };
}

t.test("one write tells the proof, the new host and the next epoch, and what is left behind", async (t) => {
  const { cluster, h1, confirm } = await fixture();
  await using _cluster = cluster;
  const before = (await cluster.machine("web")).status;
  t.match(before, { hostName: "h1", placementEpoch: 1, printableStatus: "Unknown" });
  await confirm();
  const { status, metadata } = await cluster.machine("web");
  t.match(status, {
    hostName: "h2",
    placementEpoch: 2,
    disksEpoch: 2,
    printableStatus: "Running",
    departure: {
      proof: "HumanStatement",
      by: "admin",
      hostName: "h1",
      hostUuid: h1.facts.hostUuid,
      epoch: 1,
    },
    leftBehind: [{ hostName: "h1", volumes: [{ volume: `vm-${metadata.uid}-data.qcow2` }] }],
    volumes: [{ volume: `vm-${metadata.uid}-data.e2.qcow2` }],
  });
  t.match(
    cluster.events.filter(({ reason }) => reason === "FailedOver"),
    [{ machine: "web", message: /it starts on host "h2" with new disks.*kept on host "h1"/ }],
  );
});

t.test("until another host can take it, it stays placed where it is, and says so", async (t) => {
  const { cluster, h1, confirm } = await fixture([]);
  await using _cluster = cluster;
  await confirm();
  const { status } = await cluster.machine("web");
  t.match(status, { hostName: "h1", placementEpoch: 1 });
  t.match(findCondition(status?.conditions, "Ready"), {
    status: "Unknown",
    reason: "HostUnreachable",
    message: /confirmed down, but no other can take it/,
  });
  h1.heal();
  await cluster.settle(90_000);
  t.equal(await cluster.word("web"), "Running");
  t.equal((await cluster.domain("web")).starts, 1, "nothing has happened to it");
  t.equal(cluster.desk.explain(await cluster.machine("web")).hostName, "h1");
  await cluster.editHost("h2", { unschedulable: false });
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, { hostName: "h1", placementEpoch: 1 });
});

t.test("what was taken back while it waited for a host moves nothing", async (t) => {
  const { cluster, h2, confirm, withdraw } = await fixture([]);
  await using _cluster = cluster;
  await confirm();
  await withdraw();
  await cluster.editHost("h2", { unschedulable: false });
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, { hostName: "h1", placementEpoch: 1 });
  t.same([...h2.domains], []);
});

t.test("one that has moved although nobody heard of that has its room on the new host", async (t) => {
  let isUnheard = false;
  const { cluster, confirm } = await fixture(["h2"], (store) => unheardStore(store, () => isUnheard));
  await using _cluster = cluster;
  isUnheard = true;
  await confirm();
  t.match((await cluster.machine("web")).status, { hostName: "h2", placementEpoch: 2 });
  await cluster.addMachine("other", { cpus: 4 });
  await cluster.settle(1_000);
  isUnheard = false;
  await cluster.settle(60_000);
  t.equal(await cluster.word("web"), "Running");
  t.equal((await cluster.machine("other")).status?.hostName, undefined);
});

t.test("an older copy is stopped when its host is back, and never started again", async (t) => {
  const { cluster, h1, h2, confirm } = await fixture();
  await using _cluster = cluster;
  await confirm();
  h1.heal();
  await cluster.settle(90_000);
  const [left] = [...h1.domains];
  t.equal(left?.observed.state, "shutoff");
  t.equal(left?.starts, 1);
  t.equal([...h2.domains][0]?.observed.state, "running");
  t.equal(cluster.volumesOn(h1).length, 1, "its disk is kept");
  await cluster.settle(600_000);
  t.equal(left?.starts, 1);
  t.equal(cluster.volumesOn(h1).length, 1);
});

/** What is in its way is not its host any more, but that it could not go: it keeps no room elsewhere. */
async function takesNoRoom(t: Test, change: (cluster: Cluster) => Promise<unknown>): Promise<void> {
  const { cluster, confirm } = await fixture([]);
  await using _cluster = cluster;
  await confirm();
  await change(cluster);
  await cluster.settle(60_000);
  await cluster.editHost("h2", { unschedulable: false });
  await cluster.settle(60_000);
  t.match((await cluster.machine("web")).status, { hostName: "h1", printableStatus: "Unknown" });
  await cluster.addMachine("other", { cpus: 4 });
  await cluster.settle(10_000);
  t.equal((await cluster.machine("other")).status?.hostName, "h2");
}

t.test("one whose Host is removed while it waits for another one takes no room there", (t) =>
  takesNoRoom(t, (cluster) => cluster.store.delete(HostKind, { name: "h1" })),
);

t.test("one that names what is not there any more takes no room while it waits", (t) =>
  takesNoRoom(t, (cluster) => cluster.edit("web", { disks: [...disks, { name: "os", image: "none" }] })),
);
