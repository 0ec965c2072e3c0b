import t from "tap";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { desired, domain, lookups, machine, start } from "../../testing/machine-fixture.ts";
import { claim, file, holderOn, on, record, volume } from "../../testing/volume-plan-fixture.ts";
import type { StatusInput } from "./status.ts";
import { volumesCondition } from "./volume-condition.ts";
import { deviceOf } from "./volumes.ts";

const conditions = [
  {
    type: "Ready",
    status: "True" as const,
    reason: "",
    message: "",
    lastTransitionTime: "2026-01-01T00:00:00Z",
  },
];
const usable = volume(on("h1", { attachedTo: claim, conditions }));
const live = new Map([[file, deviceOf(record)]]);

function said(vm: VirtualMachine, given: Partial<StatusInput> = {}, known = lookups(usable)) {
  return volumesCondition({
    vm,
    memory: vm.status ?? {},
    wanted: "Running",
    observed: { domain: domain(machine()), volumes: new Map(), live: new Map() },
    desired: desired(vm, known),
    plan: { actions: [] },
    now: start,
    ...given,
  });
}

const seen = { domain: domain(machine()), volumes: new Map(), live };

t.test("a machine without volumes says nothing of them", async (t) => {
  t.equal(said(machine()), undefined);
});

t.test("all that are named and in the process: True", async (t) => {
  t.match(said(holderOn("h1"), { observed: seen }), { status: "True", reason: "Attached" });
});

t.test("otherwise it says what is missing and why", async (t) => {
  const vm = holderOn("h1");
  t.match(said(vm), { status: "False", reason: "Attaching", message: 'volumes "data" are being attached' });
  t.match(said(vm, { failure: "no place left" }), { reason: "Attaching", message: "no place left" });
  t.match(said(vm, {}, lookups()), { status: "False", reason: "VolumeNotFound" });
  const off = { domain: domain(machine(), { state: "shutoff" }), volumes: new Map() };
  t.match(said(vm, { observed: off }), { status: "False", reason: "NotRunning" });
  const blockedBy = { reason: "VolumeInUse", message: "taken" } as const;
  t.match(said(vm, { plan: { actions: [], blockedBy } }), { reason: "VolumeInUse", message: "taken" });
});

t.test("what was asked for and has been lost since is told as lost", async (t) => {
  const vm = holderOn("h1", { attachedVolumes: [{ ...record, requestedAt: "2026-01-01T00:00:00Z" }] });
  const lost = volume(on("h1", { attachedTo: claim, phase: "Lost" }));
  t.match(said(vm, {}, lookups(lost)), {
    reason: "VolumeNotReady",
    message: 'volume "data" is not ready: it is lost',
  });
});

t.test("what is not let go is told with how often it was asked for", async (t) => {
  const attachedVolumes = [{ ...record, detachRequests: 3 }];
  const vm = machine({}, { hostName: "h1", attachedVolumes }, { namespace: "default" });
  t.match(said(vm, { observed: seen }), {
    reason: "Detaching",
    message: 'volume "data" has not been let go yet; the guest was asked 3 times',
  });
});
