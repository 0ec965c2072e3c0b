import t from "tap";
import type { ObservedDomain } from "../../drivers/driver.ts";
import { formatTime } from "../../runtime/clock.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { domain, machine, start } from "../../testing/machine-fixture.ts";
import { noteDeleted, noteObserved, noteStarted, noteVolumes } from "./memory.ts";

const asker = { requestedBy: "admin", requestedAt: formatTime(start) };
const failure = {
  consecutiveFailCount: 2,
  lastFailureTime: formatTime(start),
  retryAfterTime: formatTime(start),
  message: "it ended",
};
const running = domain(machine());
const off = (reason: string): ObservedDomain => domain(machine(), { state: "shutoff", reason });
const run = { started: true, startedAt: formatTime(start) };

function note(
  spec: Record<string, unknown>,
  status: VirtualMachineStatus,
  found: ObservedDomain | undefined,
  now: number,
) {
  return noteObserved(machine(spec, status), found, now);
}

t.test("a domain that is found running has been started, whoever did it", async (t) => {
  t.match(note({}, {}, running, start + 500), { ...run, startedDefinition: /^[0-9a-f]{16}$/ });
  const { definition: _definition, ...transient } = running;
  t.equal(note({}, {}, transient, start).startedDefinition, undefined);
});

t.test("a run that goes on says nothing new", async (t) => {
  const status = { ...run, startedDefinition: "abc" };
  t.equal(note({}, status, running, start + 9_000), status);
  t.equal(note({}, status, running, start + 90_000), status);
});

t.test("a run of ten seconds makes old failures forgotten, a shorter one does not", async (t) => {
  const status = { ...run, startFailure: failure };
  t.equal(note({}, status, running, start + 9_000), status);
  t.same(note({}, status, running, start + 10_000), run);
});

t.test("a clock that is set back has a run begin anew that makes old failures forgotten, once", async (t) => {
  const before = { ...run, startedAt: formatTime(start + 3_600_000), startFailure: failure };
  const anew = note({}, before, running, start);
  t.same(anew, { ...before, startedAt: formatTime(start) });
  t.equal(note({}, anew, running, start + 9_000), anew);
  t.same(note({}, anew, running, start + 10_000), run);
  const well = { ...run, startedAt: formatTime(start + 3_600_000) };
  t.equal(note({}, well, running, start), well, "where there is nothing to forget, nothing is written");
});

t.test(
  "a run that ends after the clock was set back is no failure: nobody knows how long it was",
  async (t) => {
    const before = { ...run, startedAt: formatTime(start + 3_600_000) };
    const ended = note({}, before, off("crashed"), start);
    t.match(ended, { started: true, lastRunEnd: "Failure" });
    t.equal(ended.startFailure, undefined);
    t.match(note({}, { ...run, startedAt: formatTime(start + 1_000) }, off("crashed"), start), {
      startFailure: { consecutiveFailCount: 1, message: /^it ended 0 s after its start/ },
    });
  },
);

t.test("a run that ends is closed, and how it ended is kept", async (t) => {
  t.match(note({}, run, off("shutdown"), start + 90_000), { started: true, lastRunEnd: "GuestShutdown" });
  t.match(note({}, run, off("crashed"), start + 90_000), { started: true, lastRunEnd: "Failure" });
  t.match(note({}, run, undefined, start + 90_000), { started: true, lastRunEnd: "Failure" });
  t.equal(note({}, run, off("crashed"), start + 90_000).startedAt, undefined);
});

t.test("what a host says of a run that is closed already changes nothing", async (t) => {
  const status = { started: true, lastRunEnd: "GuestShutdown" as const };
  t.equal(note({}, status, off("unknown"), start), status);
  t.equal(note({}, status, undefined, start), status);
});

t.test("a run that ends within ten seconds is a failure, if it should have gone on", async (t) => {
  const early = (spec: Record<string, unknown>, reason: string, status: VirtualMachineStatus = run) =>
    note(spec, status, off(reason), start + 7_000).startFailure;
  t.equal(note({}, run, off("crashed"), start + 10_000).startFailure, undefined);
  t.match(early({}, "crashed"), {
    consecutiveFailCount: 1,
    message: "it ended 7 s after its start: its domain is shut off (crashed)",
  });
  t.match(early({}, "crashed", { ...run, startFailure: failure }), { consecutiveFailCount: 3 });
  t.equal(early({ runStrategy: "Once" }, "crashed"), undefined);
  t.equal(early({ runStrategy: "Manual" }, "crashed"), undefined);
  t.equal(early({ runStrategy: "RerunOnFailure" }, "shutdown"), undefined);
  t.match(early({ runStrategy: "RerunOnFailure" }, "crashed"), { consecutiveFailCount: 1 });
});

t.test("a run that was asked to end has not failed", async (t) => {
  const status = { ...run, shutdownRequestedAt: formatTime(start) };
  t.same(note({}, status, off("destroyed"), start + 1_000), { started: true, lastRunEnd: "Failure" });
});

t.test("the grace period begins when a guest that should stop is first found running", async (t) => {
  const stopping = note({ runStrategy: "Halted" }, run, running, start + 100);
  t.equal(stopping.shutdownRequestedAt, formatTime(start + 1_000), "rounded up, so never too short");
  t.equal(note({ runStrategy: "Halted" }, stopping, running, start + 5_000), stopping);
  const restarting = note({}, { ...run, restartRequest: asker }, running, start);
  t.equal(restarting.shutdownRequestedAt, formatTime(start));
  t.equal(note({}, run, running, start).shutdownRequestedAt, undefined);
  t.equal(note({ runStrategy: "Manual" }, run, running, start).shutdownRequestedAt, undefined);
});

t.test(
  "a clock that is set back begins the grace period anew, once, instead of lengthening it",
  async (t) => {
    const before = { ...run, shutdownRequestedAt: formatTime(start + 3_600_000) };
    const anew = note({ runStrategy: "Halted" }, before, running, start);
    t.equal(anew.shutdownRequestedAt, formatTime(start));
    t.equal(note({ runStrategy: "Halted" }, anew, running, start + 5_000), anew);
    t.equal(
      note({}, before, running, start).shutdownRequestedAt,
      formatTime(start),
      "also of one taken back",
    );
  },
);

t.test(
  "a stop that is taken back is forgotten after the grace period, for until then the guest may obey",
  async (t) => {
    const status = { ...run, shutdownRequestedAt: formatTime(start) };
    t.equal(note({}, status, running, start + 29_000), status);
    t.same(note({}, status, running, start + 30_000), run);
  },
);

t.test("a start that was asked for by hand is done when the guest ends", async (t) => {
  const asked = (runStrategy: string, reason: string) => {
    const runOverride = { action: "Start" as const, runStrategy, ...asker };
    return note({ runStrategy }, { ...run, runOverride }, off(reason), start + 90_000).runOverride?.action;
  };
  t.equal(asked("Manual", "crashed"), undefined);
  t.equal(asked("Manual", "shutdown"), undefined);
  t.equal(asked("RerunOnFailure", "shutdown"), undefined);
  t.equal(asked("RerunOnFailure", "crashed"), "Start");
  t.equal(asked("Halted", "shutdown"), "Start");
});

t.test("a request made under another strategy is dropped", async (t) => {
  const runOverride = { action: "Stop" as const, runStrategy: "Manual", ...asker };
  t.same(note({}, { runOverride }, undefined, start), {});
  const status = { runOverride: { ...runOverride, runStrategy: "Always" } };
  t.equal(note({}, status, undefined, start), status);
});

t.test("a restart is overruled by a stop, and by a strategy that allows none", async (t) => {
  const status = { ...run, restartRequest: asker };
  t.equal(note({ runStrategy: "Halted" }, status, running, start).restartRequest, undefined);
  t.equal(note({ runStrategy: "Once" }, status, running, start).restartRequest, undefined);
  t.same(note({}, status, running, start).restartRequest, asker);
});

t.test("a restart has happened when another run is found", async (t) => {
  t.equal(note({}, { started: true, restartRequest: asker }, running, start).restartRequest, undefined);
  const started = noteStarted(
    { restartRequest: asker, shutdownRequestedAt: "x", lastRunEnd: "Failure" },
    "h",
    start,
  );
  t.same(started, { ...run, startedDefinition: "h" });
});

t.test("volumes that are seen are marked, once", async (t) => {
  const status = {
    volumes: [
      { disk: "a", volume: "va" },
      { disk: "b", volume: "vb" },
    ],
  };
  const seen = noteVolumes(status, new Map([["va", 1]]));
  t.same(seen.volumes, [
    { disk: "a", volume: "va", made: true },
    { disk: "b", volume: "vb" },
  ]);
  t.equal(noteVolumes(seen, new Map([["va", 1]])), seen);
  t.equal(noteVolumes(seen, new Map()), seen, "what is missing now was there all the same");
  const empty = {};
  t.equal(noteVolumes(empty, new Map([["va", 1]])), empty);
});

t.test("volumes that are removed are forgotten", async (t) => {
  t.same(noteDeleted({ volumes: [{ disk: "a", volume: "va" }] }, "va"), {});
  t.same(noteDeleted({}, "va"), {});
});

t.test("a machine that has been halted is as new", async (t) => {
  const status = { started: true, lastRunEnd: "Failure" as const, startFailure: failure };
  t.same(note({ runStrategy: "Halted" }, status, off("shutdown"), start), {});
  t.same(note({ runStrategy: "Halted" }, run, off("shutdown"), start), {});
  const runOverride = { action: "Start" as const, runStrategy: "Halted", ...asker };
  t.match(note({ runStrategy: "Halted" }, { ...status, runOverride }, undefined, start), status);
  t.equal(note({ runStrategy: "Manual" }, status, undefined, start), status);
});
