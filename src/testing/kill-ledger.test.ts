import t from "tap";
import type { VirtualMachine } from "../schema/virtual-machine.ts";
import { KillLedger, valueLabel } from "./kill-ledger.ts";
import { machine } from "./machine-fixture.ts";

const lost = () => Promise.reject(new Error("the connection was lost"));
const done = async () => {};

function found(name: string, value: number, isGoing = false): VirtualMachine {
  const vm = machine({});
  const going = isGoing ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {};
  return { ...vm, metadata: { ...vm.metadata, name, labels: { [valueLabel]: String(value) }, ...going } };
}

t.test("what was acknowledged must be there, as it was acknowledged", async (t) => {
  const ledger = new KillLedger();
  await ledger.write("a", done);
  await ledger.write("b", done);
  await ledger.write("b", done);
  t.same(ledger.compare([found("b", 2)]), ["a is gone; 1 was acknowledged", "b is at 2; 3 was acknowledged"]);
  t.equal(ledger.acknowledged, 3);
});

t.test("a write that was not acknowledged may have happened or not, and then stays so", async (t) => {
  const ledger = new KillLedger();
  await ledger.write("a", done);
  await t.rejects(ledger.write("a", lost));
  await t.rejects(ledger.write("b", lost));
  await t.rejects(ledger.write("c", lost));
  t.same(ledger.compare([found("a", 2), found("b", 3)]), []);
  t.same(ledger.compare([found("a", 1), found("b", 3)]), ["a is at 1; 2 was acknowledged"]);
});

t.test("what was removed must be gone or on its way", async (t) => {
  const ledger = new KillLedger();
  for (const name of ["a", "b", "c", "d"]) await ledger.write(name, done);
  await ledger.remove("a", done);
  await ledger.remove("b", done);
  await t.rejects(ledger.remove("c", lost));
  await t.rejects(ledger.remove("d", lost));
  t.same(ledger.wanted, []);
  t.same(ledger.compare([found("a", 1), found("b", 2, true), found("c", 3)]), [
    "a is there; its removal was acknowledged",
  ]);
  t.same(ledger.wanted, ["a", "c"]);
});

t.test("what nobody asked for is told", async (t) => {
  t.same(new KillLedger().compare([found("x", 1)]), ["x is there and was never asked for"]);
});
