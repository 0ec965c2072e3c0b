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
