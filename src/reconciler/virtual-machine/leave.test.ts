import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { machine } from "../../testing/machine-fixture.ts";
import type { Action } from "./actions.ts";
import { markOf } from "./desired.ts";
import { isHostFailure, noteLeaving, withoutHost } from "./leave.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const noMemory = new StatusError("InternalError", "cannot set up guest memory");
const placed: VirtualMachineStatus = { hostName: "h1", placementEpoch: 1 };

function failed(error: Error = noMemory, type: "StartDomain" | "ShutdownDomain" = "StartDomain") {
  const action: Action = { type, mark: markOf(machine(), "c"), because: "it should run" };
  return { action, error };
}

/** Whether a machine with this status is to leave its host after a failed start. */
function leaves(status: VirtualMachineStatus, { spec = {}, others = true, error = noMemory } = {}) {
  const asked: (readonly string[])[] = [];
  const hasAlternative = (_uid: string, names: readonly string[]) => {
    asked.push(names);
    return others;
  };
  const next = noteLeaving(machine(spec, status), status, failed(error), { hasAlternative }, now);
  return { left: next.leaving !== undefined, asked, next };
}

t.test("a machine that has never run is to leave the host that cannot start it", async (t) => {
  const { left, asked, next } = leaves(placed);
  t.ok(left);
  t.same(asked, [["h1"]]);
  t.match(next.leaving, { since: "2026-01-01T00:00:00Z", message: /host "h1": cannot set up guest memory/ });
});

t.test(
  "it stays when it may have data there, when nothing else is free, and after three hosts",
  async (t) => {
    t.notOk(leaves({ ...placed, started: true }).left);
    t.notOk(leaves({ ...placed, lastRunEnd: "Failure" }).left);
    t.notOk(leaves(placed, { spec: { disks: [{ name: "data", volume: "data" }] } }).left);
    t.notOk(leaves(placed, { others: false }).left);
    t.same(leaves({ ...placed, failedHosts: ["h3"] }).asked, [["h3", "h1"]]);
    t.notOk(leaves({ ...placed, failedHosts: ["h3", "h2"] }).left);
  },
);

t.test("what is not certain, or not the host's fault, moves nothing", async (t) => {
  for (const reason of ["OutcomeUnknown", "HostUnreachable", "OwnershipConflict"] as const) {
    t.notOk(leaves(placed, { error: new StatusError(reason, "?") }).left, reason);
  }
  t.notOk(isHostFailure(failed(noMemory, "ShutdownDomain")));
  t.ok(isHostFailure(failed()));
});

t.test("without its host a placement leaves what it has taught, and the proof that it is over", async (t) => {
  const leaving = { reason: "StartFailed" as const, since: "2026-01-01T00:00:00Z", message: "no memory" };
  const status: VirtualMachineStatus = {
    ...placed,
    hostUuid: "u",
    allocated: { cpus: 1, memoryBytes: 1, diskBytes: 1 },
    volumes: [{ disk: "root", volume: "vm-1-root.qcow2" }],
    startFailure: { consecutiveFailCount: 1, lastFailureTime: "", retryAfterTime: "", message: "" },
    queuedRevision: "5",
    leaving,
  };
  t.same(withoutHost(status, 9, now), {
    placementEpoch: 1,
    queuedRevision: "5",
    failedHosts: ["h1"],
    departure: {
      proof: "ObservedAbsent",
      hostName: "h1",
      hostUuid: "u",
      epoch: 1,
      at: "2026-01-01T00:00:00Z",
      message: 'nothing of it is left on host "h1"; no memory',
    },
    decisions: [
      {
        sequence: 9,
        time: "2026-01-01T00:00:00Z",
        type: "StartFailed",
        policy: "",
        message: "no memory",
        hosts: 0,
        feasible: 0,
      },
    ],
  });
});
