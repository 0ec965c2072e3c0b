import t from "tap";
import { formatTime } from "../../runtime/clock.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { domain, machine, observed, planInput, start, uid } from "../../testing/machine-fixture.ts";
import { planVirtualMachine } from "./plan.ts";
import type { ObservedMachine } from "./plan-input.ts";

const asked = { shutdownRequestedAt: formatTime(start) };
const volume = `vm-${uid}-root.qcow2`;
const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };
const away = { domain: undefined, volumes: new Map(), activeElsewhere: "h2" };

interface Case {
  readonly spec?: Record<string, unknown>;
  readonly status?: VirtualMachineStatus;
  readonly metadata?: Record<string, unknown>;
  readonly seen?: ObservedMachine;
  readonly afterMs?: number;
  readonly steps?: readonly string[];
  readonly blocked?: string;
  readonly requeueAfterMs?: number;
}

const vm = machine();
const cases: Readonly<Record<string, Case>> = {
  "nothing is there: it is defined and started": { steps: ["DefineDomain", "StartDomain"] },
  "it runs as it should: nothing": { seen: observed(domain(vm)) },
  "it is shut off: it is started": {
    seen: observed(domain(vm, { state: "shutoff", reason: "crashed" })),
    steps: ["StartDomain"],
  },
  "its definition was edited while off: it is put right and started": {
    seen: observed(domain(machine({ cpus: 3 }), { state: "shutoff" })),
    steps: ["DefineDomain", "StartDomain"],
  },
  "its definition was edited while it runs: it is put right": {
    seen: observed(domain(machine({ cpus: 3 }))),
    steps: ["DefineDomain"],
  },
  "it was paused by hand: it is resumed": {
    seen: observed(domain(vm, { state: "paused", reason: "user" })),
    steps: ["ResumeDomain"],
  },
  "it is paused for a moment by a snapshot: it is waited for": {
    seen: observed(domain(vm, { state: "paused", reason: "snapshot" })),
    requeueAfterMs: 2_000,
  },
  "it is paused by an I/O error: a person is waited for": {
    seen: observed(domain(vm, { state: "paused", reason: "ioerror" })),
    blocked: "Paused",
    requeueAfterMs: 30_000,
  },
  "it sleeps: it is let sleep": {
    seen: observed(domain(vm, { state: "pmsuspended" })),
    blocked: "Paused",
  },
  "its crashed process is still there: it is ended": {
    seen: observed(domain(vm, { state: "crashed" })),
    steps: ["DestroyDomain"],
  },
  "the guest is shutting down: it is waited for": {
    seen: observed(domain(vm, { state: "shutdown" })),
    requeueAfterMs: 2_000,
  },
  "it runs on another host: it is not started twice": {
    seen: away,
    blocked: "Conflict",
    requeueAfterMs: 30_000,
  },
  "another's domain has its UUID: nothing": {
    seen: observed(undefined, { foreign: domain(vm) }),
    blocked: "Conflict",
    requeueAfterMs: 30_000,
  },
  "another's domain has its name: nothing": {
    seen: observed(undefined, { namesake: domain(vm) }),
    blocked: "Conflict",
    requeueAfterMs: 30_000,
  },
  "a restart was asked for: the power button is pressed": {
    status: { ...asked, restartRequest: { requestedBy: "a", requestedAt: "b" } },
    seen: observed(domain(vm)),
    steps: ["ShutdownDomain"],
    requeueAfterMs: 5_000,
  },
  "it should stop: the power button is pressed": {
    spec: { runStrategy: "Halted" },
    status: asked,
    seen: observed(domain(vm)),
    steps: ["ShutdownDomain"],
    requeueAfterMs: 5_000,
  },
  "it should stop and is paused: it is woken to hear the button": {
    spec: { runStrategy: "Halted" },
    status: asked,
    seen: observed(domain(vm, { state: "paused", reason: "ioerror" })),
    steps: ["ResumeDomain", "ShutdownDomain"],
    requeueAfterMs: 5_000,
  },
  "it should stop and does so: it is waited for": {
    spec: { runStrategy: "Halted" },
    status: asked,
    seen: observed(domain(vm, { state: "shutdown" })),
    requeueAfterMs: 5_000,
  },
  "the grace period is nearly over: the next look is at its end": {
    spec: { runStrategy: "Halted" },
    status: asked,
    seen: observed(domain(vm)),
    afterMs: 29_000,
    steps: ["ShutdownDomain"],
    requeueAfterMs: 1_000,
  },
  "the grace period is over: the plug is pulled": {
    spec: { runStrategy: "Halted" },
    status: asked,
    seen: observed(domain(vm)),
    afterMs: 30_000,
    steps: ["DestroyDomain"],
  },
  "the clock has leapt back: no more than the grace period is waited": {
    spec: { runStrategy: "Halted", terminationGracePeriodSeconds: 3 },
    status: asked,
    seen: observed(domain(vm)),
    afterMs: -3_600_000,
    steps: ["ShutdownDomain"],
    requeueAfterMs: 3_000,
  },
  "there is no grace period: the plug is pulled at once": {
    spec: { runStrategy: "Halted", terminationGracePeriodSeconds: 0 },
    status: asked,
    seen: observed(domain(vm)),
    steps: ["DestroyDomain"],
  },
  "it should be stopped and is: nothing": {
    spec: { runStrategy: "Halted" },
    seen: observed(domain(vm, { state: "shutoff" })),
  },
  "it is left as it is: nothing, not even when edited": {
    spec: { runStrategy: "Manual" },
    seen: observed(domain(machine({ cpus: 3 }), { state: "paused", reason: "user" })),
  },
  "it is being deleted and runs: the power button is pressed": {
    metadata: deleted,
    status: asked,
    seen: observed(domain(vm)),
    steps: ["ShutdownDomain"],
    requeueAfterMs: 5_000,
  },
  "it is being deleted and is off: definition and volumes are removed": {
    metadata: deleted,
    status: { volumes: [{ disk: "old", volume: `vm-${uid}-old.qcow2` }] },
    seen: observed(domain(vm, { state: "shutoff" }), {
      volumes: new Map(
        [volume, "vm-other-root.qcow2", "image-x.raw"].map((name) => [name, { name, capacityBytes: 1 }]),
      ),
    }),
    steps: ["UndefineDomain", `DeleteVolume ${volume}`, `DeleteVolume vm-${uid}-old.qcow2`],
  },
  "it is being deleted and nothing is left: nothing": { metadata: deleted },
  "it is being deleted and runs on another host: it is not forgotten": {
    metadata: deleted,
    seen: away,
    blocked: "Conflict",
    requeueAfterMs: 30_000,
  },
  "it is being deleted and another's domain has its UUID: nothing": {
    metadata: deleted,
    seen: observed(undefined, { foreign: domain(vm) }),
    blocked: "Conflict",
    requeueAfterMs: 30_000,
  },
};

for (const [name, { spec, status, metadata, seen = observed(), afterMs = 0, ...expected }] of Object.entries(
  cases,
)) {
  t.test(name, async (t) => {
    const plan = planVirtualMachine(planInput(machine(spec, status, metadata), seen, start + afterMs));
    const steps = plan.actions.map((action) =>
      action.type === "DeleteVolume" ? `${action.type} ${action.volume}` : action.type,
    );
    t.same(steps, expected.steps ?? []);
    t.equal(plan.blockedBy?.reason, expected.blocked);
    t.equal(plan.requeueAfterMs, expected.requeueAfterMs);
  });
}

t.test("each step says why it is taken", async (t) => {
  const because = (seen: ObservedMachine, spec = {}, afterMs = 0) =>
    planVirtualMachine(planInput(machine(spec, asked), seen, start + afterMs)).actions.map(
      (step) => step.because,
    );
  t.same(because(observed()), ["it has no domain", "it has no domain"]);
  t.same(because(observed(domain(vm, { state: "shutoff", reason: "crashed" }))), [
    "its domain is shut off (crashed)",
  ]);
  t.same(because(observed(domain(machine({ cpus: 3 })))), ["its definition differs in cpus"]);
  const { definition: _definition, ...transient } = domain(vm);
  t.same(because(observed(transient)), ["its domain has no persistent definition"]);
  t.same(because(observed(domain(vm)), { runStrategy: "Halted" }, 30_000), [
    "it should be stopped; the guest did not shut down within 30 s",
  ]);
});
