import t from "tap";
import { machinesPath, smallMachine, startApi } from "../api-fixture.ts";
import { Cluster } from "../cluster.ts";
import { rejectsWith } from "../rejects-with.ts";

t.test("when the store has failed nothing is changed on hosts, whatever happens there", async (t) => {
  await using cluster = await Cluster.start();
  for (const name of ["web", "db"])
    await cluster.addMachine(name, { disks: [{ name: "root", size: "1Gi" }] });
  await cluster.settle(120_000);
  const [web, db] = [await cluster.domain("web"), await cluster.domain("db")];
  cluster.breakStore("disk full");
  await rejectsWith(t, cluster.addMachine("new"), "ServiceUnavailable", /store is read-only: disk full/);
  const { mutations, writes } = cluster;
  web.kill();
  db.edit({ cpus: 7 });
  db.pause();
  await cluster.settle(600_000);
  t.equal(cluster.mutations, mutations);
  t.equal(cluster.writes, writes);
  t.equal(web.observed.state, "shutoff");
  t.equal(db.observed.state, "paused");
  t.equal((await cluster.machine("web")).status?.printableStatus, "Running", "what was known last");
});

t.test(
  "the first side effect after the store has failed is not made, and nobody need write first",
  async (t) => {
    await using cluster = await Cluster.start();
    await cluster.addMachine("web");
    await cluster.settle(120_000);
    const domain = await cluster.domain("web");
    const { mutations } = cluster;
    cluster.breakStore("disk full");
    domain.kill();
    await cluster.settle(120_000);
    t.equal(cluster.mutations, mutations);
    t.equal(domain.starts, 1);
  },
);

t.test("a store that fails in the middle of a start ends it after the step under way", async (t) => {
  await using cluster = await Cluster.start();
  const host = cluster.hypervisor.host("h1");
  host.faults.latencyMs = 1_000;
  await cluster.addMachine("web", { disks: [{ name: "root", size: "1Gi" }] });
  await cluster.settle(1_500);
  t.equal(host.calls.get("ensureVolume"), 1);
  t.equal(host.calls.get("defineDomain"), undefined);
  cluster.breakStore("disk full");
  await rejectsWith(t, cluster.addMachine("new"), "ServiceUnavailable", /disk full/);
  await cluster.settle(120_000);
  t.equal(host.calls.get("defineDomain"), undefined);
  t.same([...host.domains], []);
});

t.test("a host that comes when the store has failed gets no probe guest", async (t) => {
  await using cluster = await Cluster.start({ hosts: [] });
  const host = cluster.hypervisor.addHost({ name: "h1" });
  host.faults.latencyMs = 1_000;
  await cluster.addHost("h1");
  cluster.breakStore("disk full");
  await cluster.settle(120_000);
  t.ok((host.calls.get("observe") ?? 0) > 1, "it is looked at");
  t.equal(host.calls.get("probeAccelerator"), undefined);
});

t.test("when the store has failed the API refuses writes with 503, and reads go on", async (t) => {
  await using cluster = await Cluster.start();
  await using api = await startApi({ store: cluster.store });
  await cluster.addMachine("web");
  await cluster.settle(120_000);
  cluster.breakStore("disk full");
  const other = { ...smallMachine, metadata: { name: "other", namespace: "default" } };
  t.match(await api.call("POST", machinesPath, { body: other }), {
    code: 503,
    json: { reason: "ServiceUnavailable", message: /store is read-only: disk full/ },
  });
  t.equal((await api.call("DELETE", `${machinesPath}/web`)).code, 503);
  t.match(await api.call("GET", `${machinesPath}/web`), {
    code: 200,
    json: { status: { printableStatus: "Running" } },
  });
  t.match(await api.call("GET", machinesPath), { code: 200, json: { items: [{}] } });
});
