import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VirtualMachinePoolKind } from "../../schema/virtual-machine-pool.ts";
import { addMachine, addPool, letGo, openBench } from "../../testing/pool-bench.ts";

t.test("a pool gets as many members as it asks for, and less when it asks for less", async (t) => {
  const bench = await openBench(t);
  await addPool(bench);
  await bench.clock.advance(1_000);
  t.equal((await bench.members()).length, 3);
  for (const { metadata } of await bench.members()) t.match(metadata.name, /^web-.{5}$/);
  await bench.edit({ replicas: 1 });
  await bench.clock.advance(1_000);
  t.equal((await bench.members()).length, 1);
  t.match((await bench.pool()).status, { replicas: 1, observedGeneration: 2, labelSelector: "app=web" });
  t.match(bench.events, [
    /^Normal SuccessfulCreate: created 3 machines: web-/,
    /^Normal SuccessfulDelete: deleted 2 machines: web-/,
  ]);
});

t.test("a member that is deleted or lost is replaced at once", async (t) => {
  const bench = await openBench(t);
  await addPool(bench);
  await bench.clock.advance(1_000);
  const [first, second] = await bench.members();
  await bench.store.delete(VirtualMachineKind, first?.metadata ?? { name: "" });
  if (second !== undefined) {
    await bench.store.delete(VirtualMachineKind, second.metadata);
    await letGo(bench, (await bench.store.get(VirtualMachineKind, second.metadata)) ?? second);
  }
  await bench.clock.advance(1_000);
  t.equal((await bench.members()).length, 3);
  t.equal(bench.asked.length, 5);
});

t.test("however late the cache is, nobody is made or deleted twice", async (t) => {
  const bench = await openBench(t);
  bench.lag.watchMs = 4_000;
  await addPool(bench, { replicas: 5 });
  for (let second = 0; second < 3; second++) {
    await bench.clock.advance(1_000);
    await bench.edit({ minReadySeconds: second });
    t.equal(bench.asked.length, 5, `after ${second} s`);
  }
  await bench.clock.advance(60_000);
  await bench.edit({ replicas: 2 });
  for (let second = 0; second < 3; second++) {
    await bench.clock.advance(1_000);
    await bench.edit({ minReadySeconds: 10 + second });
    t.equal((await bench.members()).length, 2, `after ${second} s`);
  }
  await bench.clock.advance(60_000);
  t.equal((await bench.members()).length, 2);
  t.equal(bench.asked.length, 5);
});

t.test("a pool that is being deleted takes over nobody and replaces nobody", async (t) => {
  const bench = await openBench(t);
  await addPool(bench);
  await bench.clock.advance(1_000);
  const pool = await bench.pool();
  await bench.store.update(VirtualMachinePoolKind, {
    ...pool,
    metadata: { ...pool.metadata, finalizers: ["example.org/hold"] },
  });
  await bench.store.delete(VirtualMachinePoolKind, pool.metadata);
  await addMachine(bench, "orphan");
  const [first] = await bench.members();
  await bench.store.delete(VirtualMachineKind, first?.metadata ?? { name: "" });
  await bench.clock.advance(5_000);
  t.equal((await bench.members()).length, 2);
  t.match(findCondition((await bench.pool()).status?.conditions, "Ready"), { reason: "Terminating" });
});

t.test("nobody is deleted in place of one that somebody else has deleted", async (t) => {
  const bench = await openBench(t);
  await addPool(bench, { replicas: 5 });
  await bench.clock.advance(1_000);
  bench.lag.watchMs = 10_000;
  const [first, second] = await bench.members();
  for (const { metadata } of [first, second].filter((vm) => vm !== undefined)) {
    await bench.store.delete(VirtualMachineKind, metadata);
  }
  await bench.edit({ replicas: 2 });
  await bench.clock.advance(5_000);
  t.equal((await bench.members()).length, 2);
  bench.lag.watchMs = 0;
  await bench.clock.advance(60_000);
  t.equal((await bench.members()).length, 2);
});
