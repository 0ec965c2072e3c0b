import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { passTime, startSeed } from "../../testing/seed-fixture.ts";
import { removeAll, removeObject } from "./remove.ts";

const { signal } = new AbortController();

t.test("an object is removed when nothing of it is left, also when somebody else removes it", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  const { cluster } = seed;
  const vm = await cluster.addMachine("a");
  await cluster.settle(5_000);
  const both = [1, 2].map(() => removeObject(cluster, VirtualMachineKind, vm, signal));
  await passTime(cluster, Promise.all(both));
  t.equal(await cluster.findMachine("a"), undefined);
  t.same([...cluster.hypervisor.host("h1").domains], []);
  await removeObject(cluster, VirtualMachineKind, vm, signal);
});

t.test("another object of that name is not touched", async (t) => {
  await using seed = await startSeed();
  const { cluster } = seed;
  const vm = await cluster.addMachine("a");
  await cluster.settle(5_000);
  await cluster.remove("a");
  await cluster.settle(60_000);
  const next = await cluster.addMachine("a");
  await removeObject(cluster, VirtualMachineKind, vm, signal);
  t.equal((await cluster.machine("a")).metadata.uid, next.metadata.uid);
});

t.test("many are removed at once, within a time", async (t) => {
  await using seed = await startSeed({ hosts: [{ name: "h1" }] });
  const { cluster } = seed;
  const machines = await Promise.all(["a", "b"].map((name) => cluster.addMachine(name)));
  await cluster.settle(5_000);
  const host = cluster.hypervisor.host("h1");
  host.powerOff();
  await passTime(
    cluster,
    rejectsWith(t, removeAll(cluster, VirtualMachineKind, machines, 3_000), "Timeout", "not gone within 3 s"),
  );
  host.powerOn();
  await passTime(cluster, removeAll(cluster, VirtualMachineKind, machines, 120_000));
  t.same([...host.domains], []);
  await removeAll(cluster, VirtualMachineKind, [], 0);
});
