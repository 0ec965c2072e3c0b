import t from "tap";
import { HostKind } from "../schema/host.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { keyIn, labelOf, nameOf, parseObject, parseObjects, parseTargets } from "./target.ts";

const read = (words: string) =>
  parseTargets(words.split(" ")).map(({ kind, names }) => [kind.kind, ...names].join(" "));

t.test("a target is a kind and names, in either way of writing", async (t) => {
  t.same(read("vm"), ["VirtualMachine"]);
  t.same(read("VirtualMachines web db"), ["VirtualMachine web db"]);
  t.same(read("vm/web"), ["VirtualMachine web"]);
  t.same(read("vm/web vm/db"), ["VirtualMachine web db"]);
  t.same(read("vm/web host/h1 virtualmachine/db"), ["VirtualMachine web db", "Host h1"]);
  t.same(read("virtualmachines.ostler.dev web"), ["VirtualMachine web"]);
  for (const words of ["nothing", "vm/", "vm/a/b", "vm/a nothing/b", "vm/a b", "/a"])
    t.throws(() => read(words), { name: "UsageError" }, words);
  t.throws(() => parseTargets([]), { name: "UsageError" });
});

t.test("several kinds are each named once, without names of objects", async (t) => {
  t.same(read("images,vm,vms"), ["Image", "VirtualMachine"]);
  t.match(read("all"), ["VirtualMachine", "VirtualMachinePool", "Host"]);
  t.notOk(read("all").includes("Event"));
  t.throws(() => read("vm,host web"), { name: "UsageError" });
  t.throws(() => read("vm,"), { name: "UsageError" });
});

t.test("what is done to objects needs their names", async (t) => {
  t.match(parseObjects(["vm/web", "host/h1"], "delete"), [{ names: ["web"] }, { names: ["h1"] }]);
  t.throws(() => parseObjects(["vm"], "delete"), { message: "name the virtualmachines to delete" });
  t.throws(() => parseObjects(["all"], "delete"), { name: "UsageError" });
});

t.test("one object is exactly one", async (t) => {
  t.match(parseObject(["vm", "web"]), { name: "web" });
  t.throws(() => parseObject(["vm"]), { name: "UsageError" });
  t.throws(() => parseObject(["vm", "a", "b"]), { name: "UsageError" });
  t.throws(() => parseObject(["vm/a", "host/b"]), {
    message: "name one virtualmachine: virtualmachine/NAME",
  });
});

t.test("only namespaced kinds are looked for in a namespace", async (t) => {
  t.same(keyIn(VirtualMachineKind, "default", "web"), { namespace: "default", name: "web" });
  t.same(keyIn(HostKind, "default", "h1"), { name: "h1" });
  t.equal(labelOf(HostKind, "h1"), "host/h1");
});

t.test("where one kind can be meant it need not be named", async (t) => {
  for (const word of ["web", "vm/web", "vms/web", "VirtualMachine/web"]) {
    t.equal(nameOf(VirtualMachineKind, word), "web");
  }
  for (const word of ["host/web", "vm/", "vm/web/x"]) {
    t.throws(() => nameOf(VirtualMachineKind, word), {
      message: /is no VirtualMachine; give NAME or vm\/NAME/,
    });
  }
});
