import t from "tap";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { machine } from "../../testing/machine-fixture.ts";
import { birthOf, hostOf } from "./machine-state.ts";

const condition = (type: string, status: "True" | "False" | "Unknown", message = "why") => ({
  type,
  status,
  reason: "R",
  message,
  lastTransitionTime: "2026-01-01T00:00:00Z",
});
const domain = { name: "d", state: "running", reason: "booted" };
const placed = { observedGeneration: 1, hostName: "h1", conditions: [condition("Scheduled", "True")] };
const running = {
  ...placed,
  domain,
  printableStatus: "Running" as const,
  conditions: [...placed.conditions, condition("Ready", "True")],
};
const failure = { consecutiveFailCount: 1, lastFailureTime: "", retryAfterTime: "", message: "no memory" };

const births: readonly (readonly [string, VirtualMachine | undefined, unknown])[] = [
  ["is gone", undefined, { type: "failed", message: /deleted/ }],
  [
    "is being deleted",
    machine({}, running, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    { type: "failed" },
  ],
  ["has not been looked at", machine({}), undefined],
  ["was looked at before it changed", machine({}, { ...running, observedGeneration: 0 }), undefined],
  ["has nothing said of it yet", machine({}, { observedGeneration: 1 }), undefined],
  ["has a place", machine({}, placed), { type: "placed" }],
  ["runs", machine({}, running), { type: "running" }],
  [
    "fits nowhere",
    machine({}, { observedGeneration: 1, conditions: [condition("Scheduled", "False", "full")] }),
    { type: "failed", message: "full" },
  ],
  [
    "failed to start",
    machine({}, { ...placed, startFailure: failure }),
    { type: "failed", message: "no memory" },
  ],
  [
    "cannot be helped",
    machine({}, { ...placed, conditions: [condition("Stalled", "True", "conflict")] }),
    { type: "failed", message: "conflict" },
  ],
];
for (const [what, vm, birth] of births) {
  t.test(`a machine that ${what}: ${JSON.stringify(birth)}`, async (t) => {
    if (birth === undefined) t.equal(birthOf(vm), undefined);
    else t.match(birthOf(vm), birth);
  });
}

const places: readonly (readonly [string, VirtualMachineStatus, string | undefined])[] = [
  ["runs", running, "h1"],
  ["is paused", { ...running, printableStatus: "Paused" }, "h1"],
  ["is stopped, as it should be", { ...running, printableStatus: "Stopped" }, "h1"],
  ["was killed", { ...running, printableStatus: "Starting" }, undefined],
  ["fails again and again", { ...running, printableStatus: "CrashLoopBackOff" }, undefined],
  ["is on a host that does not answer", { ...running, printableStatus: "Unknown" }, undefined],
  ["has no domain", { ...placed, printableStatus: "Running" }, undefined],
  ["was never looked at", {}, undefined],
];
for (const [what, status, host] of places) {
  t.test(`where a machine is that ${what}: ${host ?? "nobody knows"}`, async (t) => {
    t.equal(hostOf(machine({}, status)), host);
  });
}

t.test("a machine that is being removed is nowhere any more", async (t) => {
  t.equal(hostOf(machine({}, running, { deletionTimestamp: "2026-01-01T00:00:00Z" })), undefined);
});
