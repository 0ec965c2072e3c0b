import t from "tap";
import { formatTime } from "../../runtime/clock.ts";
import {
  type VirtualMachine,
  VirtualMachineKind,
  type VirtualMachineStatus,
} from "../../schema/virtual-machine.ts";
import { fails } from "../../testing/fails.ts";
import { machine } from "../../testing/machine-fixture.ts";
import { machineStore } from "../../testing/machine-store.ts";
import { finalize, writeConclusion, writeStatus } from "./write.ts";

const key = { namespace: "default", name: "web" };

/** A store with one machine, and ways to write to it as others do. */
async function fixture() {
  const { store, vm, read, writes } = await machineStore(machine({}, { hostName: "h1" }));
  const released: string[] = [];
  const kept: unknown[] = [];
  const placer = {
    release: (uid: string) => released.push(uid),
    noteWritten: (...given: readonly unknown[]) => kept.push(given),
  };
  return {
    context: { store, placer, noteLetGo: () => {} },
    vm,
    kept,
    read,
    released,
    writes,
    edit: async (change: Partial<VirtualMachine["spec"]>) => {
      const before = await read();
      await store.update(VirtualMachineKind, { ...before, spec: { ...before.spec, ...change } });
    },
    ask: async (status: Partial<VirtualMachineStatus>) => {
      const before = await read();
      await store.updateStatus(VirtualMachineKind, { ...before, status: { ...before.status, ...status } });
    },
  };
}

const request = { requestedBy: "admin", requestedAt: formatTime(0) };

const override = { ...request, action: "Stop" as const, runStrategy: "Always" };

t.test("a status that says nothing new is not written", async (t) => {
  const { context, vm, writes } = await fixture();
  const before = writes();
  t.equal(await writeStatus(context, vm, { ...vm.status }), vm);
  t.equal(writes(), before);
  t.match((await writeStatus(context, vm, { ...vm.status, started: true })).status, { started: true });
});

t.test("an intent that is based on an older state is refused", async (t) => {
  const { context, vm, edit } = await fixture();
  await edit({ cpus: 2 });
  await fails(t, writeStatus(context, vm, { ...vm.status, started: true }), "Conflict");
});

t.test("a conclusion outlives an edit of the spec and a request made meanwhile", async (t) => {
  const { context, vm, read, edit, ask } = await fixture();
  await edit({ cpus: 2 });
  await ask({ runOverride: override });
  await writeConclusion(context, vm, { ...vm.status, started: true });
  t.match(await read(), {
    spec: { cpus: 2 },
    status: { started: true, runOverride: override, hostName: "h1" },
  });
});

t.test(
  "what a conclusion says that the machine has is what is kept for it, once it is written",
  async (t) => {
    const { context, vm, kept, read } = await fixture();
    const allocated = { cpus: 2, memoryBytes: 5, diskBytes: 7 };
    await writeConclusion(context, vm, { ...vm.status });
    await writeConclusion(context, vm, { started: true });
    t.same(kept, [], "nothing is said of it");
    await fails(t, writeConclusion(context, vm, { ...vm.status, allocated }), "Conflict");
    t.same(kept, []);
    await writeConclusion(context, await read(), { hostName: "h1", allocated });
    t.same(kept, [[vm.metadata.uid, "h1", allocated]]);
  },
);

t.test("a request that is done is cleared, although the spec was edited meanwhile", async (t) => {
  const { context, vm, read, edit } = await fixture();
  const asked = await writeStatus(context, vm, { ...vm.status, restartRequest: request });
  await edit({ cpus: 2 });
  await writeConclusion(context, asked, { ...vm.status, started: true });
  t.same((await read()).status, { hostName: "h1", started: true });
});

t.test("a request that was repeated meanwhile stands", async (t) => {
  const { context, vm, read, ask } = await fixture();
  const asked = await writeStatus(context, vm, { ...vm.status, restartRequest: request });
  const later = { ...request, requestedAt: formatTime(99_000) };
  await ask({ restartRequest: later });
  await writeConclusion(context, asked, { ...vm.status, started: true });
  t.match((await read()).status, { started: true, restartRequest: later });
});

t.test("a conclusion gives way to another controller's", async (t) => {
  const { context, vm, read, ask } = await fixture();
  await ask({ hostName: "h2" });
  await fails(t, writeConclusion(context, vm, { ...vm.status, started: true }), "Conflict");
  t.same((await read()).status, { hostName: "h2" });
});

t.test("an object that is let go is gone, and its room is free", async (t) => {
  const { context, read, released } = await fixture();
  await context.store.delete(VirtualMachineKind, key);
  const vm = await read();
  await finalize(context, vm);
  await t.rejects(read(), /machine web is gone/);
  t.same(released, [vm.metadata.uid]);
});

t.test("a conclusion about an object that is gone changes nothing", async (t) => {
  const { context, vm } = await fixture();
  await context.store.delete(VirtualMachineKind, key);
  await finalize(context, (await context.store.get(VirtualMachineKind, key)) ?? vm);
  await fails(t, writeConclusion(context, vm, { ...vm.status, started: true }), "NotFound");
});
