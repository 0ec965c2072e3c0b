import t from "tap";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { domain, machine, uid } from "../../testing/machine-fixture.ts";
import { isActive, runEnd, type Wanted, wantedState } from "./run-strategy.ts";

const asker = { requestedBy: "admin", requestedAt: "2026-01-01T00:00:00Z" };
const request = { restartRequest: asker };
const ranWell = { started: true, lastRunEnd: "GuestShutdown" } as const;
const failed = { started: true, lastRunEnd: "Failure" } as const;

const stopped: readonly (readonly [string, VirtualMachineStatus, Wanted])[] = [
  ["Always", {}, "Running"],
  ["Always", ranWell, "Running"],
  ["Halted", {}, "Stopped"],
  ["Halted", request, "Stopped"],
  ["Manual", {}, "AsIs"],
  ["Manual", failed, "AsIs"],
  ["Manual", { ...failed, ...request }, "Running"],
  ["Once", {}, "Running"],
  ["Once", { started: false }, "Running"],
  ["Once", failed, "AsIs"],
  ["Once", ranWell, "AsIs"],
  ["Once", { started: true }, "AsIs"],
  ["Once", { ...failed, ...request }, "AsIs"],
  ["RerunOnFailure", {}, "Running"],
  ["RerunOnFailure", failed, "Running"],
  ["RerunOnFailure", ranWell, "AsIs"],
  ["RerunOnFailure", { ...ranWell, ...request }, "Running"],
  ["RerunOnFailure", { started: true }, "Running"],
];

for (const [runStrategy, status, wanted] of stopped) {
  t.test(`${runStrategy}, stopped, ${JSON.stringify(status)}: ${wanted}`, async (t) => {
    t.equal(wantedState(machine({ runStrategy }, status), undefined), wanted);
    const shutoff = domain(machine(), { state: "shutoff", reason: "unknown" });
    t.equal(wantedState(machine({ runStrategy }, status), shutoff), wanted);
  });
}

const active: Readonly<Record<string, Wanted>> = {
  Always: "Running",
  RerunOnFailure: "Running",
  Once: "Running",
  Manual: "AsIs",
  Halted: "Stopped",
};

for (const [runStrategy, wanted] of Object.entries(active)) {
  t.test(`${runStrategy}, running: ${wanted}`, async (t) => {
    const vm = machine({ runStrategy }, { started: true });
    t.equal(wantedState(vm, domain(vm)), wanted);
  });

  t.test(
    `${runStrategy}: a start or stop that was asked for under it counts, another does not`,
    async (t) => {
      const withOverride = (action: "Start" | "Stop", under: string) =>
        machine({ runStrategy }, { runOverride: { action, runStrategy: under, ...asker } });
      t.equal(wantedState(withOverride("Start", runStrategy), undefined), "Running");
      t.equal(wantedState(withOverride("Stop", runStrategy), undefined), "Stopped");
      const plain = wantedState(machine({ runStrategy }), undefined);
      t.equal(wantedState(withOverride("Stop", "other"), undefined), plain);
    },
  );

  t.test(`${runStrategy}: what is being deleted should be gone`, async (t) => {
    const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    t.equal(wantedState(machine({ runStrategy }, {}, metadata), undefined), "Gone");
  });
}

t.test("only a guest that shut down has ended of its own will", async (t) => {
  const ended = (reason: string) => runEnd(domain(machine(), { state: "shutoff", reason }));
  t.equal(ended("shutdown"), "GuestShutdown");
  for (const reason of ["destroyed", "crashed", "failed", "unknown", "saved"])
    t.equal(ended(reason), "Failure");
  t.equal(runEnd(undefined), "Failure");
});

t.test("all states but shutoff have a process", async (t) => {
  t.equal(isActive(undefined), false);
  t.equal(isActive(domain(machine(), { state: "shutoff" })), false);
  for (const state of ["running", "paused", "shutdown", "crashed", "blocked"] as const) {
    t.equal(isActive(domain(machine(), { uid, state })), true);
  }
});
