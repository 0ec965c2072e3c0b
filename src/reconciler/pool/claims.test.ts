import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { addMachine, addPool, openBench } from "../../testing/pool-bench.ts";

t.test("a machine that nobody owns is taken over, one that no longer belongs is let go", async (t) => {
  const bench = await openBench(t);
  await addMachine(bench, "orphan");
  await addMachine(bench, "stranger", { app: "db" });
  await addPool(bench);
  await bench.clock.advance(1_000);
  t.equal(bench.asked.length, 2);
  const names = (await bench.members()).map(({ metadata }) => metadata.name);
  t.ok(names.includes("orphan"));
  const orphan = await bench.store.get(VirtualMachineKind, { namespace: "default", name: "orphan" });
  if (orphan === undefined) throw new Error("it is gone");
  await bench.store.update(VirtualMachineKind, {
    ...orphan,
    metadata: { ...orphan.metadata, labels: { app: "old" } },
  });
  await bench.clock.advance(1_000);
  t.equal((await bench.members()).length, 3);
  const released = await bench.store.get(VirtualMachineKind, { namespace: "default", name: "orphan" });
  t.strictSame(released?.metadata.ownerReferences ?? [], []);
  t.equal(bench.asked.length, 3);
});

t.test("a machine of another controller is left alone, whatever its labels", async (t) => {
  const bench = await openBench(t);
  const foreign = await addMachine(bench, "foreign", { app: "other" });
  const owner = {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachinePool",
    name: "x",
    uid: "x",
    controller: true,
  };
  const written = await bench.store.update(VirtualMachineKind, {
    ...foreign,
    metadata: { ...foreign.metadata, labels: { app: "web" }, ownerReferences: [owner] },
  });
  await addPool(bench, { replicas: 0 });
  await bench.clock.advance(5_000);
  const left = await bench.store.get(VirtualMachineKind, foreign.metadata);
  t.equal(left?.metadata.resourceVersion, written.metadata.resourceVersion);
});
