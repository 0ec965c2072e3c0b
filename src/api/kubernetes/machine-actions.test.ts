import t from "tap";
import type { RunStrategy, VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import { isMachineAction, type MachineAction, requestAction } from "./machine-actions.ts";

const asker = { userName: "admin", now: Date.UTC(2026, 10, 20, 9, 30) };
const asked = { requestedBy: "admin", requestedAt: "2026-11-20T09:30:00Z" };

type Override = VirtualMachineStatus["runOverride"];

function machine(runStrategy: RunStrategy, runOverride?: Override): VirtualMachine {
  return {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name: "web", namespace: "default" },
    spec: { runStrategy, disks: [], networks: [], terminationGracePeriodSeconds: 30 },
    status: runOverride === undefined ? {} : { runOverride },
  };
}

function by(action: "Start" | "Stop", runStrategy: string): Override {
  return { action, runStrategy, requestedBy: "earlier", requestedAt: "2026-11-19T00:00:00Z" };
}

t.test("start and stop set, clear or leave the override as the run strategy demands", async (t) => {
  const cases: readonly (readonly [
    RunStrategy,
    Override,
    MachineAction,
    "Start" | "Stop" | "none" | "same",
  ])[] = [
    ["Always", undefined, "start", "same"],
    ["Always", by("Stop", "Always"), "start", "none"],
    ["Always", undefined, "stop", "Stop"],
    ["Always", by("Stop", "Always"), "stop", "same"],
    ["Always", by("Start", "Halted"), "stop", "Stop"],
    ["Halted", undefined, "start", "Start"],
    ["Halted", undefined, "stop", "same"],
    ["Halted", by("Start", "Halted"), "stop", "none"],
    ["Halted", by("Start", "Halted"), "start", "same"],
    ["Manual", undefined, "start", "Start"],
    ["Manual", by("Start", "Manual"), "stop", "Stop"],
    ["RerunOnFailure", by("Stop", "RerunOnFailure"), "start", "Start"],
    ["RerunOnFailure", undefined, "stop", "Stop"],
    ["Once", undefined, "stop", "Stop"],
  ];
  for (const [strategy, override, action, expected] of cases) {
    const before = machine(strategy, override);
    const after = requestAction(before, action, asker);
    const name = `${action} ${strategy} ${override?.action}`;
    if (expected === "same") t.equal(after, before, name);
    else if (expected === "none") t.equal(after.status?.runOverride, undefined, name);
    else t.same(after.status?.runOverride, { action: expected, runStrategy: strategy, ...asked }, name);
  }
});

t.test("a restart is asked of a machine that is meant to run", async (t) => {
  t.same(requestAction(machine("Always"), "restart", asker).status?.restartRequest, asked);
  t.same(
    requestAction(machine("Halted", by("Start", "Halted")), "restart", asker).status?.restartRequest,
    asked,
  );
  throwsWith(t, () => requestAction(machine("Halted"), "restart", asker), "Conflict", "start it instead");
  throwsWith(t, () => requestAction(machine("Always", by("Stop", "Always")), "restart", asker), "Conflict");
  throwsWith(t, () => requestAction(machine("Once"), "restart", asker), "Conflict");
});

t.test("Once allows one run: it cannot be started", async (t) => {
  throwsWith(t, () => requestAction(machine("Once"), "start", asker), "Conflict", "Once allows one run");
});

t.test("a machine that is being deleted takes no requests", async (t) => {
  const going = machine("Always");
  const deleted = { ...going, metadata: { ...going.metadata, deletionTimestamp: "2026-11-20T09:00:00Z" } };
  throwsWith(t, () => requestAction(deleted, "stop", asker), "Conflict", "being deleted");
});

t.test("only actions are actions", async (t) => {
  t.ok(isMachineAction("start"));
  t.notOk(isMachineAction("status"));
  t.notOk(isMachineAction(undefined));
});

const running = { name: "web-1", state: "running", reason: "booted" };
const paused = { ...running, state: "paused", reason: "user" };
const request = (action: "Pause" | "Unpause") => ({ action, ...asked });

t.test("a pause, and its end, are asked of a machine that runs and is meant to", async (t) => {
  const vm = (status: VirtualMachineStatus, runStrategy: RunStrategy = "Always") => ({
    ...machine(runStrategy),
    status,
  });
  const pauseOf = (before: VirtualMachine, action: MachineAction) =>
    requestAction(before, action, asker).status?.pauseRequest;
  t.same(pauseOf(vm({ domain: running }), "pause"), request("Pause"));
  t.same(pauseOf(vm({ domain: paused }), "pause"), request("Pause"), "so that it stays paused");
  t.same(pauseOf(vm({ domain: paused }), "unpause"), request("Unpause"));
  t.same(pauseOf(vm({ domain: running }, "Once"), "pause"), request("Pause"));
  const earlier = { action: "Pause", requestedBy: "earlier", requestedAt: "2026-11-19T00:00:00Z" } as const;
  for (const [status, action] of [
    [{ domain: paused, pauseRequest: earlier }, "pause"],
    [{ domain: running }, "unpause"],
    [{ domain: paused, pauseRequest: { ...earlier, action: "Unpause" } }, "unpause"],
  ] as const) {
    const before = vm(status);
    t.equal(requestAction(before, action, asker), before, `${action} is asked for already`);
  }
  const overtaken = vm({ domain: running, pauseRequest: earlier });
  t.same(pauseOf(overtaken, "unpause"), request("Unpause"));
  const shutoff = { ...running, state: "shutoff" };
  throwsWith(t, () => pauseOf(vm({}), "pause"), "Conflict", "does not run");
  throwsWith(t, () => pauseOf(vm({ domain: shutoff }), "pause"), "Conflict", "does not run");
  throwsWith(t, () => pauseOf(vm({ domain: shutoff }), "unpause"), "Conflict", "does not run");
  throwsWith(t, () => pauseOf(vm({ domain: running }, "Halted"), "pause"), "Conflict", "being stopped");
});

t.test("a stop or restart may leave the guest less time, also when one was asked for before", async (t) => {
  const haste = { ...asker, gracePeriodSeconds: 0 };
  const stopped = requestAction(machine("Always"), "stop", asker);
  t.match(requestAction(stopped, "stop", haste).status?.runOverride, { gracePeriodSeconds: 0 });
  t.match(requestAction(machine("Halted"), "stop", haste).status?.runOverride, {
    action: "Stop",
    gracePeriodSeconds: 0,
  });
  const restarted = requestAction(machine("Always"), "restart", haste);
  t.same(restarted.status?.restartRequest, { ...asked, gracePeriodSeconds: 0 });
});
