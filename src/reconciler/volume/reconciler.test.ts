import t from "tap";
import { VolumeKind } from "../../schema/volume.ts";
import { Cluster } from "../../testing/cluster.ts";
import { addVolume, findVolume, removeVolume } from "../../testing/volume-fixture.ts";

t.test("a volume takes four writes from nothing to Available, and three to be gone", async (t) => {
  await using cluster = await Cluster.start();
  const before = cluster.writes;
  await addVolume(cluster, "data");
  await cluster.settle();
  t.ok(cluster.writes - before <= 4, `${cluster.writes - before} writes`);
  const made = cluster.writes;
  await removeVolume(cluster, "data");
  await cluster.settle();
  t.ok(cluster.writes - made <= 4, `${cluster.writes - made} writes`);
});

t.test("a volume that others hold on to stays as an object, and nothing more is done for it", async (t) => {
  await using cluster = await Cluster.start();
  const { metadata } = await addVolume(cluster, "data");
  await cluster.settle();
  const volume = await findVolume(cluster, "data");
  if (volume === undefined) throw new Error("it is there");
  const finalizers = [...(volume.metadata.finalizers ?? []), "example.org/backup"];
  await cluster.store.update(VolumeKind, { ...volume, metadata: { ...volume.metadata, finalizers } });
  await removeVolume(cluster, "data");
  await cluster.settle();
  t.strictSame((await findVolume(cluster, "data"))?.metadata.finalizers, ["example.org/backup"]);
  t.equal(cluster.hypervisor.host("h1").pool(Cluster.clusterId).has(`volume-${metadata.uid}.qcow2`), false);
  const { writes, mutations } = cluster;
  await cluster.settle(300_000);
  t.same([cluster.writes, cluster.mutations], [writes, mutations]);
});
