import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { desired, domain, machine, observed, planInput, start, uid } from "../../testing/machine-fixture.ts";
import type { BlockReason } from "./actions.ts";
import { definitionHash } from "./desired.ts";
import { planVirtualMachine } from "./plan.ts";
import type { ObservedMachine } from "./plan-input.ts";
import { machineStatus, printableStatus, type StatusInput } from "./status.ts";

/** The input for a machine as it is seen, with the plan that follows. */
function input(
  vm: VirtualMachine,
  seen: ObservedMachine = observed(),
  changes: Partial<StatusInput> = {},
): StatusInput {
  const { wanted, desired: asked } = planInput(vm, seen);
  const memory = vm.status ?? {};
  const plan = planVirtualMachine(planInput(vm, seen));
  return { vm, memory, wanted, observed: seen, desired: asked, plan, now: start, ...changes };
}

const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };
const vm = machine();
const off = domain(vm, { state: "shutoff", reason: "shutdown" });
const blockedBy = (reason: BlockReason["reason"]): StatusInput =>
  input(vm, observed(off), { plan: { actions: [], blockedBy: { reason, message: "because" } } });

const words: Readonly<Record<string, StatusInput>> = {
  Terminating: input(machine({}, {}, deleted), observed(domain(vm))),
  Running: input(vm, observed(domain(vm))),
  Paused: input(vm, observed(domain(vm, { state: "paused", reason: "ioerror" }))),
  Stopping: input(machine({ runStrategy: "Halted" }), observed(domain(vm))),
  Stopped: input(machine({ runStrategy: "Halted" }), observed(off)),
  Starting: input(vm, observed(off)),
  Provisioning: input(machine({ disks: [{ name: "a", size: "1Gi" }] })),
  ErrorUnschedulable: blockedBy("Unschedulable"),
  ErrImagePull: blockedBy("ImageNotReady"),
  CrashLoopBackOff: blockedBy("CrashLoopBackOff"),
  Unknown: blockedBy("HostUnreachable"),
};

for (const [word, given] of Object.entries(words))
  t.test(word, async (t) => t.equal(printableStatus(given), word));

const more: readonly (readonly [string, StatusInput, string])[] = [
  ["an image that does not exist", blockedBy("ImageNotFound"), "ErrImagePull"],
  ["a host that is being found out about", blockedBy("HostNotReady"), "Starting"],
  ["a conflict", blockedBy("Conflict"), "Stopped"],
  ["a lost volume", blockedBy("VolumeMissing"), "Stopped"],
  [
    "a restart that is going on",
    input(machine({}, { shutdownRequestedAt: "x" }), observed(domain(vm))),
    "Stopping",
  ],
  ["a guest that shuts down by itself", input(vm, observed(domain(vm, { state: "shutdown" }))), "Stopping"],
  ["a guest that sleeps", input(vm, observed(domain(vm, { state: "pmsuspended" }))), "Paused"],
  ["a Manual machine that was never started", input(machine({ runStrategy: "Manual" })), "Stopped"],
  [
    "a machine that is deleted on a host that cannot be asked",
    input(machine({}, {}, deleted), observed(), blockedBy("HostUnreachable")),
    "Unknown",
  ],
];

for (const [name, given, word] of more)
  t.test(`${name}: ${word}`, async (t) => t.equal(printableStatus(given), word));

function conditionOf(type: string, given: StatusInput) {
  return findCondition(machineStatus(given).conditions, type);
}

t.test("Ready tells whether it runs, and if not why", async (t) => {
  t.match(conditionOf("Ready", input(vm, observed(domain(vm)))), { status: "True", reason: "Running" });
  t.match(conditionOf("Ready", blockedBy("ImageNotReady")), {
    status: "False",
    reason: "ImageNotReady",
    message: "because",
  });
  t.match(conditionOf("Ready", blockedBy("HostUnreachable")), {
    status: "Unknown",
    reason: "HostUnreachable",
  });
  const failed = input(vm, observed(off), { failure: "no memory" });
  t.match(conditionOf("Ready", failed), { status: "False", reason: "Starting", message: "no memory" });
  const redefining = input(vm, observed(domain(vm)), { failure: "the host refuses" });
  t.match(conditionOf("Ready", redefining), {
    status: "True",
    message: "the domain is running, but: the host refuses",
  });
});

t.test("Ready of a single run that may have begun says that it is not known", async (t) => {
  const once = machine({ runStrategy: "Once" }, { started: true });
  t.match(conditionOf("Ready", input(once)), { status: "Unknown", reason: "MayHaveRun" });
  const ended = machine({ runStrategy: "Once" }, { started: true, lastRunEnd: "Failure" });
  t.match(conditionOf("Ready", input(ended)), { status: "False", reason: "RunFailed" });
});

t.test("Scheduled tells where it is placed, or why nowhere", async (t) => {
  t.match(conditionOf("Scheduled", input(machine({}, { hostName: "h1" }))), {
    status: "True",
    reason: "Placed",
  });
  t.match(conditionOf("Scheduled", blockedBy("Unschedulable")), { status: "False", reason: "Unschedulable" });
  t.equal(conditionOf("Scheduled", input(machine({ runStrategy: "Halted" }))), undefined);
});

t.test("Stalled is for what only a change can mend", async (t) => {
  for (const reason of [
    "Conflict",
    "DiskTooSmall",
    "ImageNotADisk",
    "ImageNotFound",
    "InstanceTypeNotFound",
    "VolumeMissing",
  ] as const)
    t.match(conditionOf("Stalled", blockedBy(reason)), { status: "True", reason });
  for (const reason of ["CrashLoopBackOff", "HostNotReady", "ImageNotReady", "Unschedulable"] as const)
    t.equal(conditionOf("Stalled", blockedBy(reason)), undefined);
});

t.test("Conflict and Paused come and go with their cause", async (t) => {
  t.match(conditionOf("Conflict", blockedBy("Conflict")), { status: "True", message: "because" });
  const paused = observed(domain(vm, { state: "paused", reason: "ioerror" }));
  const status = machineStatus(input(vm, paused));
  t.match(findCondition(status.conditions, "Paused"), { message: "the domain is paused (ioerror)" });
  t.equal(conditionOf("Paused", input(machine({}, status), observed(domain(vm)))), undefined);
});

t.test("of a machine that cannot be seen, what was seen last stands", async (t) => {
  const seen = machineStatus(input(vm, observed(domain(vm, { state: "paused", reason: "ioerror" }))));
  const given = { ...input(machine({}, seen)), observed: undefined, desired: undefined };
  const status = machineStatus({
    ...given,
    plan: { actions: [], blockedBy: { reason: "HostUnreachable", message: "" } },
  });
  t.equal(findCondition(status.conditions, "Paused")?.status, "True");
  t.match(status.domain, { state: "paused" });
});

t.test("RestartRequired while the guest runs with something else than the spec asks for", async (t) => {
  const hash = (asked: VirtualMachine) => {
    const found = desired(asked);
    return found.type === "resolved" ? definitionHash(found.definition) : "";
  };
  const same = machine({}, { startedDefinition: hash(vm) });
  t.equal(conditionOf("RestartRequired", input(same, observed(domain(vm)))), undefined);
  const changed = machine({ cpus: 2 }, { startedDefinition: hash(vm) });
  t.match(conditionOf("RestartRequired", input(changed, observed(domain(changed)))), {
    reason: "SpecChanged",
  });
  t.equal(
    conditionOf("RestartRequired", input(changed, observed(off))),
    undefined,
    "off: the next start applies it",
  );
  t.equal(
    conditionOf("RestartRequired", input(machine({ cpus: 2 }), observed(domain(vm)))),
    undefined,
    "unknown",
  );
});

t.test("RestartRequired for a disk that can only grow while the machine is off", async (t) => {
  const disks = [{ name: "a", size: "2Gi" }];
  const asked = machine({ disks });
  const found = desired(asked);
  const startedDefinition = found.type === "resolved" ? definitionHash(found.definition) : "";
  const name = `vm-${uid}-a.qcow2`;
  const seen = { ...observed(domain(asked)), volumes: new Map([[name, { name, capacityBytes: 2 ** 30 }]]) };
  t.ok(conditionOf("RestartRequired", input(machine({ disks }, { startedDefinition }), seen)));
});

t.test("since when it is Ready counts from now, once, where the clock was set back", async (t) => {
  const status = machineStatus(input(vm, observed(domain(vm)), { now: start + 3_600_000 }));
  const anew = machineStatus(input(machine({}, status), observed(domain(vm))));
  t.equal(findCondition(anew.conditions, "Ready")?.lastTransitionTime, "2026-01-01T00:00:00Z");
  t.equal(machineStatus(input(machine({}, anew), observed(domain(vm)))).conditions, anew.conditions);
});

t.test("a status computed twice is the same: nothing is written", async (t) => {
  for (const given of [...Object.values(words), ...more.map(([, other]) => other)]) {
    const first = machineStatus(given);
    const again = { ...given, vm: { ...given.vm, status: first }, memory: first, now: start + 99_000 };
    t.same(machineStatus(again), first);
  }
});
