import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { addPool, openBench } from "../../testing/pool-bench.ts";
import { condition } from "../../testing/pool-fixture.ts";

t.test("members become available by the clock alone", async (t) => {
  const bench = await openBench(t);
  await addPool(bench, { replicas: 1, minReadySeconds: 60 });
  await bench.clock.advance(1_000);
  const [member] = await bench.members();
  if (member === undefined) throw new Error("there is no member");
  const since = new Date(bench.clock.now()).toISOString();
  await bench.store.updateStatus(VirtualMachineKind, {
    ...member,
    status: { ...member.status, printableStatus: "Running", conditions: [condition("Ready", "True", since)] },
  });
  await bench.clock.advance(1_000);
  t.match((await bench.pool()).status, { readyReplicas: 1, availableReplicas: 0 });
  await bench.clock.advance(60_000);
  t.match((await bench.pool()).status, { readyReplicas: 1, availableReplicas: 1 });
});

t.test("a thousand members cost a few looks at the pool, not one for each piece of news", async (t) => {
  const bench = await openBench(t);
  await addPool(bench, { replicas: 1_000 });
  await bench.clock.advance(10_000);
  const members = await bench.members();
  t.equal(members.length, 1_000);
  t.equal(bench.asked.length, 1_000);
  const before = bench.looks();
  for (const member of members) {
    await bench.store.updateStatus(VirtualMachineKind, {
      ...member,
      status: { ...member.status, printableStatus: "Starting" },
    });
  }
  await bench.clock.advance(10_000);
  t.ok(bench.looks() - before <= 5, `${bench.looks() - before} looks`);
  const idle = bench.looks();
  await bench.clock.advance(3_600_000);
  t.equal(bench.looks(), idle, "a pool that is as it should be is not looked at");
});
