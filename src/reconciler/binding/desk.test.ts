import t from "tap";
import { admit } from "../../schema/admission.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { Cluster } from "../../testing/cluster.ts";

const gib = 2 ** 30;
const hosts = ["h1", "h2"].map((name) => ({ name, cpus: 4, memoryBytes: 4 * gib, diskBytes: 20 * gib }));

const manifest = (name: string, spec: Record<string, unknown> = {}) =>
  admit(VirtualMachineKind, {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name },
    spec: { cpus: 1, memory: "1Gi", ...spec },
  });
const nothing = { manifests: [], loseHosts: [], drainHosts: [] };

t.test("what a plan says is what happens, and a plan writes nothing", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  await cluster.addMachine("first", { cpus: 1, memory: "2Gi" });
  await cluster.settle();
  const manifests = ["a", "b", "c"].map((name) => manifest(name));
  const { writes, mutations } = cluster;
  const { entries, problems } = await cluster.desk.plan({ ...nothing, manifests });
  await cluster.settle(60_000);
  t.same([cluster.writes, cluster.mutations], [writes, mutations]);
  t.same(problems, []);
  for (const { name } of entries) {
    await cluster.addMachine(name, { cpus: 1, memory: "1Gi" });
    await cluster.settle();
  }
  for (const { name, hostName } of entries) {
    t.equal((await cluster.machine(name)).status?.hostName, hostName, name);
  }
});

t.test("losing a host is thought through on what runs now", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  await cluster.addMachine("light");
  await cluster.addMachine("heavy", { disks: [{ name: "data", size: "1Gi" }] });
  await cluster.settle();
  for (const name of ["light", "heavy"]) {
    const hostName = (await cluster.machine(name)).status?.hostName ?? "";
    const { entries } = await cluster.desk.plan({ ...nothing, loseHosts: [hostName] });
    const outcome = name === "light" ? "Moves" : "Stuck";
    t.match(entries, [{ name, outcome }]);
  }
});

t.test("a question about what is not there is answered with what is wrong", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  await t.rejects(cluster.desk.plan({ ...nothing, drainHosts: ["h9"] }), /no host "h9"/);
  await t.rejects(cluster.desk.plan({ ...nothing, policy: "none" }), /no placement policy "none"/);
  const manifests = [manifest("a", { placementPolicy: "none" })];
  t.match(await cluster.desk.plan({ ...nothing, manifests }), {
    entries: [],
    problems: [/default\/a: placement policy "none" does not exist/],
  });
});

t.test("a machine is explained with every host, as if it were nowhere", async (t) => {
  await using cluster = await Cluster.start({ hosts });
  await cluster.addMachine("web", { cpus: 3, memory: "3Gi" });
  await cluster.settle();
  await cluster.editHost("h2", { unschedulable: true });
  await cluster.settle();
  const { now, decisions, hostName } = cluster.desk.explain(await cluster.machine("web"));
  t.equal(hostName, "h1");
  t.match(decisions, [{ type: "Placed", hostName: "h1", policy: "Spread" }]);
  t.match(now, { winner: "h1", hostCount: 2, feasibleCount: 1, others: [] });
  t.match(now?.hosts[1], { hostName: "h2" });
  t.match(now?.hosts[1]?.filters, [
    { plugin: "HostReady", passed: true },
    { reason: "cordoned", passed: false },
  ]);
  await cluster.addMachine("big", { cpus: 1, memory: "2Gi" });
  await cluster.settle();
  const { counterfactuals } = cluster.desk.explain(await cluster.machine("big"));
  t.ok(counterfactuals.length > 0);
  t.match(counterfactuals[0], { hostName: /h[12]/, message: /./ });
});
