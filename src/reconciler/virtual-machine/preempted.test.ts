import t from "tap";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { lookups, machine } from "../../testing/machine-fixture.ts";
import { machineStore } from "../../testing/machine-store.ts";
import type { Turn } from "../binding/turn.ts";
import type { PlacementAnswer, Placer } from "./context.ts";
import { forgoReturn, notePreemption, returnPreempted } from "./preempted.ts";

const decision = {
  sequence: 3,
  time: "2026-01-01T00:00:00Z",
  type: "Preempted",
  policy: "",
  message: "machine default/high takes its place",
  hosts: 0,
  feasible: 0,
} as const;
const preempted = { since: "2026-01-01T00:00:00Z", message: decision.message };
const placed: VirtualMachineStatus = { hostName: "h1", placementEpoch: 1 };
const disks = [{ name: "data", size: "1Gi" }];
const refusal: PlacementAnswer = { type: "unschedulable", message: "no room", decision };

async function fixture(
  spec: Record<string, unknown>,
  status: VirtualMachineStatus,
  answer: PlacementAnswer = refusal,
) {
  const { store, clock, vm, read } = await machineStore(machine(spec, status));
  const turns: Turn[] = [];
  const told: string[] = [];
  const stayed: unknown[] = [];
  const placer: Pick<Placer, "place" | "preemptionOf" | "stay"> = {
    stay: (...args) => void stayed.push(args),
    preemptionOf: () => decision,
    place: async (turn) => {
      turns.push(turn);
      return answer;
    },
  };
  const record = (_vm: unknown, _type: string, reason: string) => told.push(reason);
  const context = { store, clock, lookups: lookups(), placer: placer as Placer, record };
  return { context, vm, read, turns, told, stayed };
}

t.test("that a machine must make room is written down before anything is done, and told", async (t) => {
  const { context, vm, read, told } = await fixture({}, placed);
  t.match((await notePreemption(context, vm)).status, { preempted, decisions: [decision], hostName: "h1" });
  t.same((await read()).status?.preempted, preempted);
  t.same(told, ["Preempted"]);
});

t.test("a machine that is not always to run, or has made room already, is left alone", async (t) => {
  for (const [spec, status] of [
    [{ runStrategy: "Once" }, placed],
    [{}, { ...placed, preempted }],
  ] as const) {
    const { context, vm, told } = await fixture(spec, status);
    t.equal(await notePreemption(context, vm), vm);
    t.same(told, []);
  }
});

t.test("one with disks asks for its own host and comes back when it has room", async (t) => {
  const allocated = { cpus: 0, memoryBytes: 0, diskBytes: 2 ** 30 };
  const status = { ...placed, allocated, preempted };
  const waiting = await fixture({ disks }, status);
  t.same(await returnPreempted(waiting.context, waiting.vm, "h1"), {});
  t.match(waiting.turns, [
    {
      request: { volumeHosts: ["h1"], resources: { cpus: 1 } },
      placed: { request: { resources: allocated }, hostName: "h1" },
    },
  ]);
  t.ok((await waiting.read()).status?.preempted);
  const back = await fixture({ disks }, status, { type: "placed", hostName: "h1", decision });
  t.same(await returnPreempted(back.context, back.vm, "h1"), { requeueAfterMs: 0 });
  const { status: after } = await back.read();
  t.notOk(after?.preempted);
  t.match(after, { hostName: "h1", allocated: { cpus: 1 } });
});

t.test("one without disks leaves its host for any", async (t) => {
  const { context, vm, read, turns } = await fixture({}, { ...placed, preempted });
  t.same(await returnPreempted(context, vm, "h1"), { requeueAfterMs: 0 });
  t.match((await read()).status, { leaving: { reason: "Preempted" }, hostName: "h1" });
  t.same(turns, []);
});

t.test("one whose disk was taken out of its spec stays where that is", async (t) => {
  const volumes = [{ disk: "data", volume: "vm-1-data.qcow2", capacityBytes: 2 ** 30, made: true }];
  const { context, vm, read, turns } = await fixture({}, { ...placed, volumes, preempted });
  t.same(await returnPreempted(context, vm, "h1"), {});
  t.notOk((await read()).status?.leaving);
  t.match(turns, [{ request: { volumeHosts: ["h1"] } }]);
});

t.test("one that cannot run, or need not, asks for no room and keeps what is written down", async (t) => {
  const allocated = { cpus: 0, memoryBytes: 0, diskBytes: 2 ** 30 };
  const unknown = await fixture({ instanceType: "none" }, { ...placed, allocated, preempted });
  t.same(await returnPreempted(unknown.context, unknown.vm, "h1"), {});
  t.same(unknown.turns, []);
  t.match(unknown.stayed, [[{ resources: allocated }, "h1"]]);
  const idle = await fixture({}, { ...placed, allocated, preempted });
  forgoReturn(idle.context, idle.vm);
  t.match(idle.stayed, [[{ resources: allocated }, "h1"]]);
  const other = await fixture({}, placed);
  forgoReturn(other.context, other.vm);
  t.same(other.stayed, []);
});
