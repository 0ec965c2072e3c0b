import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import type { Resources } from "../../schema/host.ts";
import type { Resource } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { fails } from "../../testing/fails.ts";
import { clusterId, image, lookups, machine } from "../../testing/machine-fixture.ts";
import { machineStore } from "../../testing/machine-store.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { unheardStore } from "../../testing/unheard-store.ts";
import type { Turn } from "../binding/turn.ts";
import type { PlacementAnswer } from "./context.ts";
import { placeMachine } from "./place.ts";

const decision = {
  sequence: 7,
  time: "2026-01-01T00:00:00Z",
  type: "Placed",
  policy: "Spread",
  hostName: "h1",
  message: "h1: the best of 1 of 1 hosts that can take it",
  hosts: 1,
  feasible: 1,
} as const;
const refusal = { ...decision, type: "Unschedulable", message: "too large", feasible: 0 } as const;
const unschedulable = { type: "unschedulable", message: "too large", decision: refusal } as const;

const { signal } = new AbortController();
const surroundings = {
  noteLetGo: () => {},
  record: () => {},
  hostNamed: () => undefined,
  clusterId,
  mayAct: () => true,
  circumstances: { mayPlace: true, mayMove: true, isMassOutage: false },
};
const disks = [{ name: "root", image: "debian" }];

/** Places a machine that is in a store. */
async function fixture(
  machine: VirtualMachine,
  result: PlacementAnswer = { type: "placed", hostName: "h1", decision },
) {
  const { sessions, ensure, host, stop } = await sessionFixture();
  await ensure();
  const { store, clock, vm, read } = await machineStore(machine);
  const asked: Resources[] = [];
  const released: string[] = [];
  const placer = {
    place: async ({ request }: Turn) => {
      asked.push(request.resources);
      return result;
    },
    release: (uid: string) => released.push(uid),
  };
  const known = lookups(image("debian", "a"), image("slow"));
  const events: string[] = [];
  const record = (_vm: Resource, type: string, reason: string, message: string): void =>
    void events.push(`${type} ${reason}: ${message}`);
  const context = { ...surroundings, store, sessions, lookups: known, clock, placer, record };
  const place = () => placeMachine(context, vm, signal);
  return { place, asked, released, events, vm, read, store, context, host, stop };
}

t.test("a machine that should run gets a host, its room, and a record of what will be made", async (t) => {
  const { place, asked, read, vm, host, stop } = await fixture(machine({ disks }));
  t.match(await place(), { type: "placed", hostName: "h1" });
  t.match((await read()).status, {
    hostName: "h1",
    hostUuid: host.facts.hostUuid,
    placementEpoch: 1,
    decisions: [decision],
    printableStatus: "Starting",
    allocated: { cpus: 1, memoryBytes: 2 ** 29, diskBytes: 2 ** 30 },
    volumes: [
      { disk: "root", volume: `vm-${vm.metadata.uid}-root.qcow2`, backing: `image-${"a".repeat(40)}.qcow2` },
    ],
  });
  t.same(asked, [{ cpus: 1, memoryBytes: 2 ** 29, diskBytes: 2 ** 30 }]);
  await stop();
});

t.test("each placement counts", async (t) => {
  const { place, stop } = await fixture(machine({}, { placementEpoch: 4 }));
  t.match(await place(), { vm: { status: { placementEpoch: 5 } } });
  await stop();
});

t.test("a machine that should not run needs no host", async (t) => {
  const { place, asked, read, stop } = await fixture(machine({ runStrategy: "Halted" }));
  t.same(await place(), { type: "done", result: {} });
  t.equal((await read()).status?.printableStatus, "Stopped");
  t.same(asked, []);
  await stop();
});

t.test("a machine that fits nowhere waits to be called, and keeps its place in the queue", async (t) => {
  const { place, read, vm, stop } = await fixture(machine(), unschedulable);
  t.same(await place(), { type: "done", result: {} });
  const { status } = await read();
  t.match(findCondition(status?.conditions, "Scheduled"), { status: "False", message: "too large" });
  t.equal(status?.queuedRevision, vm.metadata.resourceVersion);
  t.same(status?.decisions, [refusal]);
  await stop();
});

t.test("why a machine has no host is told once, and again when it is for another reason", async (t) => {
  const { place, events, read, context, stop } = await fixture(machine(), unschedulable);
  await place();
  const refuse = (message: string) => async () => ({ ...unschedulable, message });
  const larger = { ...context, placer: { ...context.placer, place: refuse("much too large") } };
  await placeMachine(larger, await read(), signal);
  t.same(events, ["Warning FailedScheduling: too large"]);
  const vm = await read();
  const unknown = { ...vm, spec: { ...vm.spec, placementPolicy: "none" } };
  await placeMachine(context, await context.store.update(VirtualMachineKind, unknown), signal);
  t.match(events[1], /^Warning FailedScheduling: placement policy "none" does not exist/);
  await stop();
});

t.test("what passes by itself is not told", async (t) => {
  const { place, events, stop } = await fixture(machine({ disks: [{ name: "root", image: "slow" }] }));
  await place();
  t.same(events, []);
  await stop();
});

const unready: Readonly<Record<string, Record<string, unknown>>> = {
  ImageNotReady: { disks: [{ name: "root", image: "slow" }] },
  ImageNotFound: { disks: [{ name: "root", image: "none" }] },
  InstanceTypeNotFound: { instanceType: "none" },
  PlacementPolicyNotFound: { placementPolicy: "none" },
  PriorityClassNotFound: { priorityClassName: "none" },
};

for (const [reason, spec] of Object.entries(unready)) {
  t.test(`no host is sought before everything is there: ${reason}`, async (t) => {
    const { place, asked, read, stop } = await fixture(machine(spec));
    t.same(await place(), { type: "done", result: { requeueAfterMs: 30_000 } });
    t.same(asked, []);
    t.equal(findCondition((await read()).status?.conditions, "Ready")?.reason, reason);
    await stop();
  });
}

t.test("a placement that loses the race for the write is given back", async (t) => {
  const { place, released, vm, store, stop } = await fixture(machine());
  await store.update(VirtualMachineKind, { ...vm, spec: { ...vm.spec, cpus: 2 } });
  await fails(t, place(), "Conflict");
  t.same(released, [vm.metadata.uid]);
  await stop();
});

t.test("a placement of which nobody hears whether it was written keeps its room", async (t) => {
  const { released, vm, read, context, stop } = await fixture(machine());
  const store = unheardStore(context.store, () => true);
  await fails(t, placeMachine({ ...context, store }, vm, signal), "Timeout");
  t.match((await read()).status, { hostName: "h1" });
  t.same(released, []);
  await stop();
});

t.test("a machine that is deleted before it was placed is let go", async (t) => {
  const { vm, read, store, stop } = await fixture(machine());
  const { namespace, name } = vm.metadata;
  await store.delete(VirtualMachineKind, { namespace, name });
  const { sessions } = await sessionFixture();
  const placer = { place: async () => unschedulable, release() {} };
  const clock = new ManualClock();
  const context = { ...surroundings, store, sessions, lookups: lookups(), clock, placer };
  t.same(await placeMachine(context, await read(), signal), { type: "done", result: {} });
  await t.rejects(read(), /is gone/);
  await stop();
});
