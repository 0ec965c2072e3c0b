import t from "tap";
import { HostKind } from "../schema/host.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { keyIn, labelOf, parseObject, parseTarget, parseTargets } from "./target.ts";

t.test("a target is a kind and names, in either way of writing", async (t) => {
  const read = (words: string) => {
    const { kind, names } = parseTarget(words.split(" "));
    return `${kind.kind} ${names.join(" ")}`.trim();
  };
  t.equal(read("vm"), "VirtualMachine");
  t.equal(read("VirtualMachines web db"), "VirtualMachine web db");
  t.equal(read("vm/web"), "VirtualMachine web");
  t.equal(read("vm/web vm/db"), "VirtualMachine web db");
  t.equal(read("virtualmachines.ostler.dev web"), "VirtualMachine web");
  for (const words of ["nothing", "vm/", "vm/a/b", "vm/a host/b", "vm/a b"])
    t.throws(() => read(words), { name: "UsageError" });
  t.throws(() => parseTarget([]), { name: "UsageError" });
});

t.test("several kinds are each named once, without names of objects", async (t) => {
  const read = (...words: readonly string[]) => parseTargets(words).map(({ kind }) => kind.kind);
  t.same(read("vm"), ["VirtualMachine"]);
  t.same(read("images,vm,vms"), ["Image", "VirtualMachine"]);
  t.match(read("all"), ["VirtualMachine", "VirtualMachinePool", "Host"]);
  t.notOk(read("all").includes("Event"));
  t.throws(() => read("vm,host", "web"), { name: "UsageError" });
  t.throws(() => read("vm,"), { name: "UsageError" });
});

t.test("one object is exactly one", async (t) => {
  t.match(parseObject(["vm", "web"]), { name: "web" });
  t.throws(() => parseObject(["vm"]), { name: "UsageError" });
  t.throws(() => parseObject(["vm", "a", "b"]), { name: "UsageError" });
});

t.test("only namespaced kinds are looked for in a namespace", async (t) => {
  t.same(keyIn(VirtualMachineKind, "default", "web"), { namespace: "default", name: "web" });
  t.same(keyIn(HostKind, "default", "h1"), { name: "h1" });
  t.equal(labelOf(HostKind, "h1"), "host/h1");
});
