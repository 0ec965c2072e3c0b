import t from "tap";
import type { ObservedDomain } from "../../drivers/driver.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { clusterId, domain, machine, observed, planInput } from "../../testing/machine-fixture.ts";
import { markOf } from "./desired.ts";
import { notePause, noteResumed, pausedCause } from "./pause.ts";
import { planVirtualMachine } from "./plan.ts";

const asked = { requestedBy: "ann", requestedAt: "2026-01-01T00:00:00Z" };
const pause = { pauseRequest: { action: "Pause", ...asked } } as const;
const unpause = { pauseRequest: { action: "Unpause", ...asked } } as const;
const restartRequest = asked;

const stepsOf = (
  status: VirtualMachineStatus,
  state: ObservedDomain["state"],
  reason = "user",
  spec: Record<string, unknown> = {},
) => {
  const vm = machine(spec, status);
  const plan = planVirtualMachine(planInput(vm, observed(domain(vm, { state, reason }))));
  return [...plan.actions.map(({ type }) => type), ...(plan.blockedBy ? [plan.blockedBy.reason] : [])];
};

const cases = {
  "a running guest is paused": [stepsOf(pause, "running"), ["SuspendDomain"]],
  "so is one of a machine that is only started by hand": [
    stepsOf(pause, "running", "booted", { runStrategy: "Manual" }),
    ["SuspendDomain"],
  ],
  "one that is paused stays so, and is not mended": [stepsOf(pause, "paused"), []],
  "one that the host paused is its host's matter": [stepsOf(pause, "paused", "ioerror"), ["Paused"]],
  "without a request it is mended": [stepsOf({}, "paused"), ["ResumeDomain"]],
  "it goes on when asked": [stepsOf(unpause, "paused"), ["ResumeDomain"]],
  "it goes on when asked, also where nobody mends it": [
    stepsOf(unpause, "paused", "user", { runStrategy: "Manual" }),
    ["ResumeDomain"],
  ],
  "where nobody mends it and nobody asked it stays": [
    stepsOf({}, "paused", "user", { runStrategy: "Manual" }),
    [],
  ],
  "it goes on when asked, once the cause is mended": [
    stepsOf(unpause, "paused", "ioerror"),
    ["ResumeDomain"],
  ],
  "it is not woken out of a snapshot": [stepsOf(unpause, "paused", "snapshot"), []],
  "one that should stop is woken to hear it": [
    stepsOf(pause, "paused", "user", { runStrategy: "Halted" }),
    ["ResumeDomain", "ShutdownDomain"],
  ],
  "one that should restart is woken to hear it": [
    stepsOf({ ...pause, restartRequest }, "paused"),
    ["ResumeDomain", "ShutdownDomain"],
  ],
  "one that should restart is not paused before": [
    stepsOf({ ...pause, restartRequest }, "running"),
    ["ShutdownDomain"],
  ],
  "a crashed one is ended": [stepsOf(pause, "crashed"), ["DestroyDomain"]],
  "one that is shutting down is let": [stepsOf(pause, "shutdown"), []],
} as const;

for (const [title, [steps, wanted]] of Object.entries(cases)) {
  t.test(title, async (t) => t.same(steps, wanted));
}

t.test("a pause lasts as long as the run, and a request to go on until it does", async (t) => {
  const vm = machine();
  const seen = (state: ObservedDomain["state"]) => domain(vm, { state });
  for (const state of ["running", "paused", "blocked", "shutdown"] as const) {
    t.equal(notePause(pause, seen(state)), pause, state);
  }
  t.same(notePause(pause, seen("shutoff")), {});
  t.same(notePause(pause, undefined), {});
  t.equal(notePause(unpause, seen("paused")), unpause);
  t.same(notePause(unpause, seen("running")), {});
  const resumed = { type: "ResumeDomain", mark: markOf(vm, clusterId), because: "" } as const;
  t.same(noteResumed(unpause, { done: [resumed] }), {}, "one request is one attempt");
  t.equal(noteResumed(unpause, { done: [] }), unpause);
  t.equal(noteResumed(pause, { done: [resumed] }), pause);
});

t.test("who asked for a pause is told", async (t) => {
  const vm = machine();
  const paused = domain(vm, { state: "paused", reason: "user" });
  t.match(pausedCause(pause, paused), { reason: "PauseRequested", message: /^ann asked for it/ });
  t.match(pausedCause({}, paused), { reason: "GuestPaused" });
  t.match(pausedCause(pause, domain(vm, { state: "paused", reason: "ioerror" })), { reason: "GuestPaused" });
  t.equal(pausedCause(pause, domain(vm)), undefined);
});
