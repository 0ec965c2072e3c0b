import t from "tap";
import type { Logger } from "../../runtime/logger.ts";
import { silentLogger } from "../../runtime/logger.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { domain, machine } from "../../testing/machine-fixture.ts";
import type { Action, DomainVerb } from "./actions.ts";
import { markOf } from "./desired.ts";
import type { Outcome } from "./execute.ts";
import { tell } from "./tell.ts";

const mark = markOf(machine(), "cluster");
const because = "it should";
const definition = domain(machine()).definition;

function told(outcome: Outcome, status: VirtualMachineStatus = {}, metadata = {}) {
  const events: string[] = [];
  const lines: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    info: (message, fields) => lines.push(`${message} ${fields?.step} ${fields?.because}`),
    warn: (message, fields) => lines.push(`${message} ${fields?.step} ${fields?.error}`),
  };
  tell(
    machine({}, status, metadata),
    outcome,
    (_vm, type, reason, message) => events.push(`${type} ${reason}: ${message}`),
    logger,
  );
  return { events, lines };
}

const step = (type: DomainVerb): Action => ({ type, mark, because });

t.test("every step has a line in the log", async (t) => {
  const { lines } = told({ done: [step("StartDomain"), step("ResumeDomain")] });
  t.same(lines, ["step done StartDomain it should", "step done ResumeDomain it should"]);
});

t.test("the first start in the normal course is no event, every later one is", async (t) => {
  if (definition === undefined) throw new Error("no definition");
  const done: readonly Action[] = [{ type: "DefineDomain", definition, because }, step("StartDomain")];
  t.same(told({ done }).events, []);
  t.same(told({ done }, { started: true }).events, [
    "Normal Redefined: it should",
    "Warning Restarted: it should",
  ]);
});

t.test("a start that was asked for is not told as a warning", async (t) => {
  const outcome = { done: [step("StartDomain")] };
  const restartRequest = { requestedBy: "joe", requestedAt: "2026-01-01T00:00:00Z" };
  const stopping = { started: true, printableStatus: "Stopping", restartRequest } as const;
  t.same(told(outcome, stopping).events, ["Normal Restarted: it should"]);
  const stopped = { started: true, printableStatus: "Stopped" } as const;
  t.same(told(outcome, stopped).events, ["Normal Started: it should"]);
  for (const printableStatus of ["Running", "Unknown", "CrashLoopBackOff"] as const) {
    t.same(told(outcome, { started: true, printableStatus }).events, ["Warning Restarted: it should"]);
  }
});

t.test("what deviates from the normal course is an event", async (t) => {
  const done = [step("ResumeDomain"), step("DestroyDomain"), step("UndefineDomain")];
  t.same(told({ done }).events, ["Warning Resumed: it should", "Warning ForcedOff: it should"]);
});

t.test("a shutdown is told once, however often the button is pressed", async (t) => {
  const outcome = { done: [step("ShutdownDomain")] };
  t.same(told(outcome).events, ["Normal ShuttingDown: it should"]);
  t.same(told(outcome, { shutdownRequestedAt: "2026-01-01T00:00:00Z" }).events, []);
});

t.test("of a machine that is being deleted only the use of force is told", async (t) => {
  const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };
  const done = [step("ShutdownDomain"), step("DestroyDomain")];
  t.same(told({ done }, {}, deleted).events, ["Warning ForcedOff: it should"]);
});

t.test("a step that failed is told with the error", async (t) => {
  const { events, lines } = told({
    done: [],
    failed: { action: step("StartDomain"), error: new Error("no memory") },
  });
  t.same(lines, ["step failed StartDomain no memory"]);
  t.same(events, ["Warning FailedStartDomain: no memory"]);
});
