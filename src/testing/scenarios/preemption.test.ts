import t from "tap";
import { PriorityClassKind } from "../../schema/priority-class.ts";
import { Cluster } from "../cluster.ts";

const gib = 2 ** 30;
const one = [{ name: "h1", cpus: 4, memoryBytes: 4 * gib, diskBytes: 20 * gib }];
const two = [...one, { name: "h2", cpus: 4, memoryBytes: 4 * gib, diskBytes: 20 * gib }];
const data = { disks: [{ name: "data", size: "1Gi" }] };

async function start(hosts: typeof one): Promise<Cluster> {
  const cluster = await Cluster.start({ hosts });
  const head = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" };
  for (const [name, value, preemptionPolicy] of [
    ["urgent", 100, "PreemptLowerPriority"],
    ["patient", 100, "Never"],
    ["middling", 50, "PreemptLowerPriority"],
  ] as const) {
    const priorityClass = { ...head, metadata: { name }, value, preemptionPolicy };
    await cluster.store.create(PriorityClassKind, priorityClass as never);
  }
  await cluster.settle();
  return cluster;
}

const add = async (cluster: Cluster, name: string, memory: string, spec: Record<string, unknown> = {}) => {
  await cluster.addMachine(name, { cpus: 1, memory, terminationGracePeriodSeconds: 5, ...spec });
  await cluster.settle(500);
};
const urgent = { priorityClassName: "urgent" };

t.test(
  "a machine of higher priority takes the place of one of lower, which comes back when it can",
  async (t) => {
    await using cluster = await start(one);
    await add(cluster, "low", "3Gi", data);
    t.equal(await cluster.word("low"), "Running");
    await add(cluster, "high", "2Gi", urgent);
    await cluster.settle(10_000);
    t.equal(await cluster.word("high"), "Running");
    const { status } = await cluster.machine("low");
    t.match(status, {
      printableStatus: "ErrorUnschedulable",
      hostName: "h1",
      allocated: { cpus: 0, memoryBytes: 0, diskBytes: gib },
      preempted: { message: /default\/high of priority 100 takes its place on host "h1"/ },
      decisions: [{ type: "Preempted" }, { type: "Placed" }],
    });
    t.match((await cluster.machine("high")).status?.decisions, [
      { type: "Placed" },
      { type: "Preempting", message: /on h1 1 of lower priority make room/ },
    ]);
    t.ok(cluster.events.some(({ machine, reason }) => machine === "low" && reason === "Preempted"));
    await cluster.remove("high");
    await cluster.settle(10_000);
    t.match((await cluster.machine("low")).status, { printableStatus: "Running", allocated: { cpus: 1 } });
    t.notOk((await cluster.machine("low")).status?.preempted);
    const domain = await cluster.domain("low");
    t.equal(domain.starts, 2);
  },
);

t.test("a victim without disks runs elsewhere as soon as there is room", async (t) => {
  await using cluster = await start(two);
  await add(cluster, "pinned", "3Gi", { ...data, hostSelector: { "ostler.dev/hostname": "h2" } });
  await add(cluster, "low", "2Gi");
  t.equal((await cluster.machine("low")).status?.hostName, "h1");
  await add(cluster, "high", "3Gi", urgent);
  await cluster.settle(10_000);
  t.match((await cluster.machine("high")).status, { printableStatus: "Running", hostName: "h1" });
  t.equal(await cluster.word("low"), "ErrorUnschedulable");
  await cluster.remove("pinned");
  await cluster.settle(10_000);
  t.match((await cluster.machine("low")).status, { printableStatus: "Running", hostName: "h2" });
});

t.test(
  "nobody is stopped in vain, nor for a machine that does not ask for it, nor for an equal",
  async (t) => {
    await using cluster = await start(one);
    await add(cluster, "low", "3Gi");
    await add(cluster, "patient", "2Gi", { priorityClassName: "patient" });
    await add(cluster, "equal", "2Gi");
    await add(cluster, "huge", "9Gi", urgent);
    await cluster.settle(30_000);
    t.equal(await cluster.word("low"), "Running");
    for (const name of ["patient", "equal", "huge"])
      t.equal(await cluster.word(name), "ErrorUnschedulable", name);
  },
);

t.test("the room that is made is not taken by others of lower priority", async (t) => {
  await using cluster = await start(one);
  await add(cluster, "a", "1536Mi");
  await add(cluster, "b", "1536Mi");
  (await cluster.domain("a")).guest = { obeysShutdown: true, shutdownMs: 4_000 };
  await add(cluster, "middle", "3Gi", { priorityClassName: "middling" });
  await add(cluster, "small", "1Gi");
  await cluster.settle(20_000);
  t.equal(await cluster.word("middle"), "Running");
  t.equal(await cluster.word("small"), "Running", "in what is left beside it");
  await add(cluster, "top", "4Gi", urgent);
  await cluster.settle(20_000);
  t.equal(await cluster.word("top"), "Running");
});

t.test("a controller that dies amid it goes on where it was", async (t) => {
  await using cluster = await start(one);
  await add(cluster, "low", "3Gi", data);
  (await cluster.domain("low")).guest = { obeysShutdown: true, shutdownMs: 3_000 };
  await cluster.addMachine("high", { cpus: 1, memory: "2Gi", ...urgent });
  await cluster.settle(200);
  await cluster.stopController();
  await cluster.startController();
  await cluster.settle(20_000);
  t.equal(await cluster.word("high"), "Running");
  t.equal(await cluster.word("low"), "ErrorUnschedulable");
  await cluster.stopController();
  await cluster.startController();
  await cluster.settle(2_000);
  await cluster.remove("high");
  await cluster.settle(20_000);
  t.equal(await cluster.word("low"), "Running");
  t.same(cluster.invariants.breaches, []);
});
