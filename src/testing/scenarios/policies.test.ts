import t from "tap";
import { PlacementPolicyKind } from "../../schema/placement-policy.ts";
import { PriorityClassKind } from "../../schema/priority-class.ts";
import { Cluster } from "../cluster.ts";

const gib = 2 ** 30;
const hosts = ["h1", "h2", "h3"].map((name) => ({ name, cpus: 8, memoryBytes: 8 * gib }));

async function setPolicy(cluster: Cluster, name: string, spec: Record<string, unknown>): Promise<void> {
  const policy = { apiVersion: "ostler.dev/v1", kind: "PlacementPolicy", metadata: { name }, spec };
  const before = await cluster.store.get(PlacementPolicyKind, { name });
  if (before === undefined) await cluster.store.create(PlacementPolicyKind, policy as never);
  else await cluster.store.update(PlacementPolicyKind, { ...before, spec } as never);
  await cluster.settle(0);
}

/** Makes machines one after another, and says where each came to be. */
async function place(cluster: Cluster, prefix: string, count: number, spec: Record<string, unknown> = {}) {
  const found: (string | undefined)[] = [];
  for (let index = 0; index < count; index += 1) {
    await cluster.addMachine(`${prefix}-${index}`, { cpus: 1, memory: "512Mi", ...spec });
    await cluster.settle(200);
    found.push((await cluster.machine(`${prefix}-${index}`)).status?.hostName);
  }
  return found;
}

t.test("the same requests go round, or fill one host after another, as the policy says, live", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  await setPolicy(cluster, "default", { type: "RoundRobin" });
  t.same(await place(cluster, "round", 6), ["h1", "h2", "h3", "h1", "h2", "h3"]);
  await setPolicy(cluster, "default", { type: "BinPacking" });
  const packed = await place(cluster, "pack", 4);
  t.same(new Set(packed).size, 1, "all on one host");
  await setPolicy(cluster, "default", { type: "Spread" });
  t.notOk((await place(cluster, "spread", 2)).includes(packed[0]), "the fullest host gets none");
});

t.test("the rotation goes on after a restart", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  await setPolicy(cluster, "default", { type: "RoundRobin" });
  t.same(await place(cluster, "a", 2), ["h1", "h2"]);
  await cluster.stopController();
  await cluster.startController();
  await cluster.settle(1_000);
  t.same(await place(cluster, "b", 2), ["h3", "h1"]);
});

t.test("a machine names its own policy, and waits for one that is not there", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  const [first] = await place(cluster, "a", 1);
  await cluster.addMachine("web", { cpus: 1, memory: "512Mi", placementPolicy: "pack" });
  await cluster.settle();
  t.equal(await cluster.word("web"), "Stopped");
  await setPolicy(cluster, "pack", { type: "BinPacking" });
  await cluster.settle();
  t.match((await cluster.machine("web")).status, { printableStatus: "Running", hostName: first });
  t.match((await cluster.machine("web")).status?.decisions, [
    { policy: "BinPacking", hosts: 3, feasible: 3 },
  ]);
});

t.test("of those that wait the highest priority is served first, then who came first", async (t) => {
  await using cluster = await Cluster.start({ hosts: [{ name: "h1", cpus: 2, memoryBytes: 2 * gib }] });
  const urgent = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "urgent" } };
  await cluster.store.create(PriorityClassKind, {
    ...urgent,
    value: 100,
    preemptionPolicy: "Never",
  } as never);
  const size = { cpus: 1, memory: "1536Mi" };
  await cluster.addMachine("big", { cpus: 1, memory: "1536Mi" });
  await cluster.settle();
  for (const name of ["one", "two"]) {
    await cluster.addMachine(name, size);
    await cluster.settle(100);
  }
  await cluster.addMachine("high", { ...size, priorityClassName: "urgent" });
  await cluster.settle();
  t.equal(await cluster.word("high"), "ErrorUnschedulable");
  await cluster.remove("big");
  await cluster.settle(2_000);
  const words = ["high", "one", "two"].map((name) => cluster.word(name));
  t.same(await Promise.all(words), ["Running", "ErrorUnschedulable", "ErrorUnschedulable"]);
  await cluster.remove("high");
  await cluster.settle(2_000);
  t.same(await Promise.all(["one", "two"].map((name) => cluster.word(name))), [
    "Running",
    "ErrorUnschedulable",
  ]);
});

t.test("of 200 at once exactly as many run as there is room for: those that came first", async (t) => {
  const room = ["h1", "h2", "h3", "h4"].map((name) => ({ name, cpus: 64, memoryBytes: 25.5 * gib }));
  await using cluster = await Cluster.start({ hosts: room });
  for (const { name } of room) cluster.hypervisor.host(name).faults.latencyMs = 3;
  const names = Array.from({ length: 200 }, (_, index) => `vm-${index}`);
  for (const name of names) await cluster.addMachine(name, { cpus: 1, memory: "1Gi" });
  for (let step = 0; step < 40; step += 1) {
    await cluster.settle(50);
    for (const host of cluster.hypervisor.hosts) {
      const taken = [...host.domains].reduce((sum, domain) => sum + domain.observed.memoryBytes, 0);
      if (taken > 25 * gib) t.fail(`${host.name} holds ${taken} bytes`);
    }
  }
  const words = await Promise.all(names.map((name) => cluster.word(name)));
  t.same(words.slice(0, 100), Array(100).fill("Running"));
  t.same(words.slice(100), Array(100).fill("ErrorUnschedulable"));
  const { writes } = cluster;
  await cluster.settle(120_000);
  t.equal(cluster.writes, writes, "those that wait cost nothing");
});

t.test("a machine that waits is told what would make it fit", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  await cluster.addMachine("web", { cpus: 1, memory: "20Gi" });
  await cluster.settle();
  const [decision] = (await cluster.machine("web")).status?.decisions ?? [];
  t.match(decision, { type: "Unschedulable", feasible: 0, hosts: 3, suggestions: [/memory/] });
});
