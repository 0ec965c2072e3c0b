import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { machine, start } from "../../testing/machine-fixture.ts";
import type { Action } from "./actions.ts";
import { markOf } from "./desired.ts";
import type { Outcome } from "./execute.ts";
import { isFailedStart, remember } from "./remember.ts";

const mark = markOf(machine(), "cluster");
const startAction: Action = { type: "StartDomain", mark, because: "" };
const no = new Error("no memory");

function after(outcome: Outcome, memory: VirtualMachineStatus = {}, runStrategy = "Always") {
  return remember({ vm: machine({ runStrategy }), memory, outcome, definitionHash: "abc", now: start });
}

t.test("a start begins a run", async (t) => {
  const asked = { requestedBy: "admin", requestedAt: "2026-01-01T00:00:00Z" };
  t.same(after({ done: [startAction] }, { restartRequest: asked, lastRunEnd: "Failure" }), {
    started: true,
    startedAt: "2026-01-01T00:00:00Z",
    startedDefinition: "abc",
  });
});

t.test("a start that failed for certain is counted", async (t) => {
  const failed = { action: startAction, error: no };
  t.ok(isFailedStart(failed));
  t.match(after({ done: [], failed }), { startFailure: { consecutiveFailCount: 1, message: "no memory" } });
  t.match(after({ done: [], failed }, { started: true }, "Once"), { started: false });
});

t.test("a start whose outcome is unknown is not, and for Once it counts as the one start", async (t) => {
  for (const reason of ["OutcomeUnknown", "HostUnreachable"] as const) {
    const failed = { action: startAction, error: new StatusError(reason, "no answer") };
    t.notOk(isFailedStart(failed));
    t.same(after({ done: [], failed }, { started: true }, "Once"), { started: true });
  }
});

t.test("another step that failed says nothing of the start", async (t) => {
  const failed = { action: { type: "ResumeDomain", mark, because: "" } as const, error: no };
  t.same(after({ done: [], failed }), {});
});

t.test("a volume that was removed is recorded no more", async (t) => {
  const memory = {
    volumes: [
      { disk: "a", volume: "va" },
      { disk: "b", volume: "vb" },
    ],
  };
  const remove = (volume: string): Action => ({ type: "DeleteVolume", volume, because: "" });
  t.same(after({ done: [remove("va")] }, memory), { volumes: [{ disk: "b", volume: "vb" }] });
  t.same(after({ done: [remove("va"), remove("vb")] }, memory), {});
});
