import t from "tap";
import { admit } from "./admission.ts";
import { type VirtualMachine, VirtualMachineKind } from "./virtual-machine.ts";
import { checkVirtualMachine, checkVirtualMachineUpdate } from "./virtual-machine-rules.ts";

const base = admit(VirtualMachineKind, {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: { name: "web" },
  spec: { cpus: 1, memory: "1Gi" },
});

function machine(spec: Partial<VirtualMachine["spec"]>): VirtualMachine {
  return { ...base, spec: { ...base.spec, ...spec } };
}

function disk(
  name: string,
  rest: { image?: string; size?: string; volume?: string; bus?: "scsi" },
): VirtualMachine["spec"]["disks"][number] {
  return { name, bus: "virtio", ...rest };
}

const { cpus, memory, ...sizeless } = base.spec;

const rules: readonly [VirtualMachine, readonly string[]][] = [
  [base, []],
  [{ ...base, spec: { ...sizeless, instanceType: "small" } }, []],
  [{ ...base, spec: sizeless }, ["spec.cpus", "spec.memory"]],
  [machine({ instanceType: "small" }), ["spec.instanceType"]],
  [machine({ memory: "1Ki" }), ["spec.memory"]],
  [machine({ disks: [disk("a", {})] }), ["spec.disks[0]"]],
  [machine({ disks: [disk("a", { size: "1" })] }), ["spec.disks[0].size"]],
  [machine({ disks: [disk("a", { image: "x" }), disk("a", { size: "1Gi" })] }), ["spec.disks[1].name"]],
  [machine({ disks: [disk("a", { volume: "x" }), disk("b", { volume: "y" })] }), []],
  [machine({ disks: [disk("a", { volume: "x", size: "1Gi" })] }), ["spec.disks[0].volume"]],
  [machine({ disks: [disk("a", { volume: "x", image: "y" })] }), ["spec.disks[0].volume"]],
  [machine({ disks: [disk("a", { volume: "x", bus: "scsi" })] }), ["spec.disks[0].bus"]],
  [machine({ disks: [disk("a", { volume: "x" }), disk("b", { volume: "x" })] }), ["spec.disks[1].volume"]],
  [machine({ networks: [{ name: "a", model: "virtio" }] }), ["spec.networks[0]"]],
  [machine({ networks: [{ name: "a", model: "virtio", network: "x", bridge: "y" }] }), ["spec.networks[0]"]],
  [machine({ networks: [{ name: "a", model: "virtio", bridge: "y" }] }), []],
];

t.test("a machine has one size, and each disk and network one source", async (t) => {
  for (const [resource, fields] of rules) {
    const found = checkVirtualMachine(resource).map((cause) => cause.field);
    t.strictSame(found, fields);
  }
});

type Content = { image?: string; size?: string; volume?: string };

const changes: readonly [Content, Content, string[]][] = [
  [{ size: "1Gi" }, { size: "2Gi" }, []],
  [{ size: "1Gi" }, { size: "1024Mi" }, []],
  [{ size: "2Gi" }, { size: "1Gi" }, ["spec.disks[0].size"]],
  [{ image: "a", size: "1Gi" }, { image: "a" }, ["spec.disks[0].size"]],
  [{ image: "a" }, { image: "a", size: "1Gi" }, []],
  [{ image: "a" }, { image: "b" }, ["spec.disks[0].image"]],
  [{ size: "1Gi" }, { image: "b", size: "1Gi" }, ["spec.disks[0].image"]],
  [{ volume: "a" }, { volume: "a" }, []],
  [{ volume: "a" }, { volume: "b" }, ["spec.disks[0].volume"]],
  [{ size: "1Gi" }, { volume: "b" }, ["spec.disks[0].volume"]],
  [{ volume: "b" }, { size: "1Gi" }, ["spec.disks[0].volume"]],
];

t.test("a disk keeps its content and never shrinks", async (t) => {
  for (const [before, after, fields] of changes) {
    const found = checkVirtualMachineUpdate(
      machine({ disks: [disk("a", before)] }),
      machine({ disks: [disk("a", after)] }),
    );
    t.strictSame(
      found.map((cause) => cause.field),
      fields,
    );
  }
});

t.test("a disk of another name is another disk", async (t) => {
  const before = machine({ disks: [disk("a", { image: "x" })] });
  t.strictSame(checkVirtualMachineUpdate(before, machine({ disks: [disk("b", { image: "y" })] })), []);
});

t.test("what a domain is called never changes", async (t) => {
  const fields = (before?: string, after?: string) => {
    const named = (domainName?: string) => machine(domainName === undefined ? {} : { domainName });
    return checkVirtualMachineUpdate(named(before), named(after)).map(({ field }) => field);
  };
  t.strictSame(fields("a", "a"), []);
  t.strictSame(fields(undefined, undefined), []);
  for (const [before, after] of [
    ["a", "b"],
    ["a", undefined],
    [undefined, "b"],
  ]) {
    t.strictSame(fields(before, after), ["spec.domainName"]);
  }
});

t.test("a domain's name is one that hosts and their tools take", async (t) => {
  const admitted = (domainName: string) => () =>
    admit(VirtualMachineKind, { ...base, spec: { ...base.spec, domainName } });
  for (const name of ["web", "Web_1.test", "1a", "x".repeat(63)]) t.doesNotThrow(admitted(name), name);
  for (const name of ["", "1", "-a", "a b", "a/b", "a;b", "../a", "x".repeat(64)])
    t.throws(admitted(name), name);
});
