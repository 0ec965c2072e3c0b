import t from "tap";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { domain, machine, observed, start } from "../../testing/machine-fixture.ts";
import { machineProgress } from "./readiness.ts";

type Input = Parameters<typeof machineProgress>[0];

function told(strategy: string, memory: VirtualMachineStatus, changes: Partial<Input> = {}) {
  const vm = machine({ runStrategy: strategy }, memory);
  const input = {
    vm,
    memory,
    wanted: "AsIs" as const,
    observed: observed(),
    plan: { actions: [] },
    now: start,
  };
  const { ready, now, reason } = machineProgress({ ...input, ...changes }, "Stopped");
  return [ready, reason, now];
}

const started = { started: true };
const shutDown = { started: true, lastRunEnd: "GuestShutdown" } as const;
const crashed = { started: true, lastRunEnd: "Failure" } as const;
const busy = { plan: { actions: [{ type: "DeleteVolume", volume: "v", because: "" }] } } as const;

const cases: readonly (readonly [string, ReturnType<typeof told>, readonly unknown[]])[] = [
  ["off, as it should be", told("Halted", {}, { wanted: "Stopped" }), ["True", "Stopped", undefined]],
  [
    "off, and something is left to do",
    told("Halted", {}, { wanted: "Stopped", ...busy }),
    ["False", "Stopped", "Reconciling"],
  ],
  ["nobody has started it", told("Manual", {}), ["True", "Stopped", undefined]],
  ["somebody has, and its guest has crashed", told("Manual", crashed), ["True", "Stopped", undefined]],
  ["its one run is over", told("Once", shutDown), ["True", "Completed", undefined]],
  ["its last run is over", told("RerunOnFailure", shutDown), ["True", "Completed", undefined]],
  ["its one run has failed", told("Once", crashed), ["False", "RunFailed", "Stalled"]],
  ["its one run may have been", told("Once", started), ["Unknown", "MayHaveRun", "Stalled"]],
  ["off, and should run", told("Always", {}, { wanted: "Running" }), ["False", "Stopped", "Reconciling"]],
];

for (const [what, given, expected] of cases) t.test(what, async (t) => t.strictSame(given, expected));

t.test("one that runs is ready, whatever else is to be done, and that is told", async (t) => {
  const vm = machine();
  const input = {
    vm,
    memory: {},
    wanted: "Running",
    observed: observed(domain(vm)),
    plan: { actions: [] },
  } as const;
  t.strictSame(machineProgress(input, "Running"), {
    ready: "True",
    now: undefined,
    reason: "Running",
    message: "the domain is running",
  });
  const waiting = { actions: [], blockedBy: { reason: "VolumeNotReady", message: "not made yet" } } as const;
  t.match(machineProgress({ ...input, plan: waiting }, "Running"), {
    ready: "True",
    now: "Reconciling",
    message: "the domain is running, but: not made yet",
  });
});

t.test("of one that cannot be seen it is still known that it was stalled", async (t) => {
  const stalled = {
    type: "Stalled",
    status: "True",
    reason: "Conflict",
    message: "",
    lastTransitionTime: "",
  } as const;
  const memory = { conditions: [stalled] };
  const plan = { actions: [], blockedBy: { reason: "HostUnreachable", message: "" } } as const;
  const input = { vm: machine({}, memory), memory, wanted: "Running", observed: undefined, plan } as const;
  t.match(machineProgress(input, "Unknown"), { ready: "Unknown", now: "Stalled" });
  t.match(machineProgress({ ...input, memory: {} }, "Unknown"), { ready: "Unknown", now: "Reconciling" });
});
