import t from "tap";
import { isTrue } from "../../schema/conditions.ts";
import { Cluster } from "../../testing/cluster.ts";

t.test("a manifest becomes a running domain that carries our mark", async (t) => {
  await using cluster = await Cluster.start();
  const { metadata } = await cluster.addMachine("web");
  await cluster.settle();
  const vm = await cluster.machine("web");
  t.match(vm.status, {
    printableStatus: "Running",
    hostName: "h1",
    placementEpoch: 1,
    observedGeneration: 1,
  });
  t.ok(isTrue(vm.status?.conditions, "Ready"));
  const domain = cluster.hypervisor.host("h1").domain(metadata.uid ?? "").observed;
  t.equal(domain.state, "running");
  t.match(domain.mark, {
    clusterId: Cluster.clusterId,
    namespace: "default",
    name: "web",
    uid: metadata.uid,
  });
  t.equal(domain.domainName, `default-web-${metadata.uid?.slice(0, 8)}`);
});

t.test("from manifest to Running takes three durable writes, and then none", async (t) => {
  await using cluster = await Cluster.start();
  const before = Number(
    (await cluster.store.list((await import("../../schema/host.ts")).HostKind)).resourceVersion,
  );
  await cluster.addMachine("web");
  await cluster.settle();
  const vm = await cluster.machine("web");
  t.equal(Number(vm.metadata.resourceVersion) - before, 3);
  await cluster.settle(600_000);
  t.equal((await cluster.machine("web")).metadata.resourceVersion, vm.metadata.resourceVersion);
  const { calls } = cluster.hypervisor.host("h1");
  t.equal(calls.get("defineDomain"), 1);
  t.equal(calls.get("startDomain"), 1);
});

t.test("a deleted machine leaves no domain, no volume and no object", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { disks: [{ name: "data", size: "1Gi" }] });
  await cluster.settle();
  const host = cluster.hypervisor.host("h1");
  t.equal(host.pool(Cluster.clusterId).list().length, 1);
  await cluster.remove("web");
  await cluster.settle();
  t.equal(await cluster.findMachine("web"), undefined);
  t.same([...host.domains], []);
  t.same(host.pool(Cluster.clusterId).list(), []);
});
