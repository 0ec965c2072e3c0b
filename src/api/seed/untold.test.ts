import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import { admit } from "../../schema/admission.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import { startSeed } from "../../testing/seed-fixture.ts";
import { takeBackUntold } from "./untold.ts";

const annotations = { "ostler.dev/seed-pending": "true" };

t.test("what nobody was told of, because the server ended first, is taken back", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  const { cluster } = seed;
  const { store } = cluster;
  t.same(await seed.ask("/vm/create?name=told&instance_type=1"), { vmid: 1 });
  t.same(await seed.ask("/volume/create?name=told&size=1"), { volumeid: 1 });
  const vm = await cluster.addMachine("untold", { instanceType: "small" });
  await store.update(VirtualMachineKind, { ...vm, metadata: { ...vm.metadata, annotations } });
  const volume = { apiVersion: "ostler.dev/v1", kind: "Volume", metadata: { name: "untold", annotations } };
  await store.create(VolumeKind, admit(VolumeKind, { ...volume, spec: { size: "1Gi" } }));
  await cluster.settle(10_000);
  t.equal([...cluster.hypervisor.host("h1").domains].length, 2);
  await takeBackUntold({ store, logger: silentLogger });
  await cluster.settle(60_000);
  t.match((await store.list(VirtualMachineKind)).items, [{ metadata: { name: "told" } }]);
  t.match((await store.list(VolumeKind)).items, [{ metadata: { name: "told" } }]);
  t.equal([...cluster.hypervisor.host("h1").domains].length, 1);
});
