import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { machine } from "../../testing/machine-fixture.ts";
import type { Action } from "./actions.ts";
import { markOf } from "./desired.ts";
import { UntouchedDisks } from "./untouched-disks.ts";

const made: VirtualMachineStatus = { volumes: [{ disk: "data", volume: "v", made: true }] };
const recorded: VirtualMachineStatus = { volumes: [{ disk: "data", volume: "v" }] };
const ensure: Action = { type: "EnsureVolume", spec: { volume: "v", capacityBytes: 1 }, because: "" };
const start: Action = { type: "StartDomain", mark: markOf(machine(), "c"), because: "" };
const failed = (reason: "InternalError" | "OutcomeUnknown") => ({
  action: start,
  error: new StatusError(reason, ""),
});

t.test("disks that this process has made are untouched while every start fails for certain", async (t) => {
  const disks = new UntouchedDisks();
  t.equal(disks.has("a", made), false, "who made them is not known");
  t.equal(disks.has("a", recorded), true, "there are none yet");
  disks.note("a", recorded, { done: [ensure], failed: failed("InternalError") });
  t.equal(disks.has("a", made), true);
  disks.note("a", made, { done: [], failed: failed("InternalError") });
  t.equal(disks.has("a", made), true);
  disks.forget("a");
  t.equal(disks.has("a", made), false);
});

t.test("a start that may have happened ends it, and so does one that did", async (t) => {
  for (const outcome of [{ done: [], failed: failed("OutcomeUnknown") }, { done: [start] }]) {
    const disks = new UntouchedDisks();
    disks.note("a", recorded, { done: [ensure] });
    disks.note("a", made, outcome);
    t.equal(disks.has("a", made), false);
  }
});

t.test("making one more disk for a machine that has some makes the others no cleaner", async (t) => {
  const disks = new UntouchedDisks();
  disks.note("a", made, { done: [ensure] });
  t.equal(disks.has("a", made), false);
});
