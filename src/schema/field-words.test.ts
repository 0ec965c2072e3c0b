import t from "tap";
import { wordsFor } from "./field-words.ts";

t.test("a field is told by the longest end of its path that is known", async (t) => {
  t.equal(wordsFor("VirtualMachine.spec.cpus"), "How many virtual CPUs.");
  t.equal(wordsFor("Host.status.conditions[].type"), "What it is about, such as Ready.");
  t.equal(wordsFor("VirtualMachinePool.spec.template.spec.cpus"), "How many virtual CPUs.");
  t.equal(wordsFor("VirtualMachine.status.decisions[].hosts"), "How many hosts there were.");
  t.equal(wordsFor("VirtualMachine.status.nothing"), undefined);
  t.equal(wordsFor("toString"), undefined);
});
