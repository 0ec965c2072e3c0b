import t from "tap";
import { formatTime } from "../../runtime/clock.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import {
  desired,
  domain,
  image,
  lookups,
  machine,
  observed,
  planInput,
  start,
  uid,
} from "../../testing/machine-fixture.ts";
import { differences, planDefinition, planStart } from "./start-plan.ts";

const disks = [
  { name: "root", image: "debian" },
  { name: "data", size: "2Gi" },
];
const names = [`vm-${uid}-root.qcow2`, `vm-${uid}-data.qcow2`];
const gib = 2 ** 30;
const known = lookups(image("debian", "a"), image("linux", "b"));

function seen(...capacities: readonly (number | undefined)[]) {
  const volumes = new Map<string, { name: string; capacityBytes: number }>();
  for (const [index, capacityBytes] of capacities.entries()) {
    const name = names[index] ?? "";
    if (capacityBytes !== undefined) volumes.set(name, { name, capacityBytes });
  }
  return observed(undefined, { volumes });
}

function input(vm: VirtualMachine, found = seen()) {
  return { ...planInput(vm, found), desired: desired(vm, known) };
}

function steps(vm: VirtualMachine, found = seen()): readonly string[] {
  return planStart(input(vm, found)).actions.map((action) => {
    if (action.type === "EnsureContent") return `content ${action.content.image}`;
    if (action.type === "EnsureVolume")
      return `volume ${action.spec.volume.slice(40)} ${action.spec.capacityBytes}`;
    return action.type;
  });
}

t.test("contents come before the volumes that stand on them, and all before the start", async (t) => {
  t.same(steps(machine({ disks })), [
    "content debian",
    `volume root.qcow2 ${gib}`,
    `volume data.qcow2 ${2 * gib}`,
    "DefineDomain",
    "StartDomain",
  ]);
});

t.test("only what is missing or too small is made", async (t) => {
  t.same(steps(machine({ disks }), seen(gib, 2 * gib)), ["DefineDomain", "StartDomain"]);
  t.same(steps(machine({ disks }), seen(gib, gib)), [
    `volume data.qcow2 ${2 * gib}`,
    "DefineDomain",
    "StartDomain",
  ]);
  t.same(steps(machine({ disks }), seen(gib, 9 * gib)), ["DefineDomain", "StartDomain"], "nothing shrinks");
});

t.test("one content serves two disks and the boot", async (t) => {
  const two = [disks[0], { name: "data", image: "debian" }];
  t.equal(steps(machine({ disks: two })).filter((step) => step === "content debian").length, 1);
  const boots = machine({ kernelBoot: { kernel: "linux" } });
  t.same(steps(boots), ["content linux", "DefineDomain", "StartDomain"]);
});

function made(...which: readonly number[]): VirtualMachineStatus {
  const volumes = which.map((index) => ({ disk: String(index), volume: names[index] ?? "", made: true }));
  return { volumes };
}

const wait = {
  consecutiveFailCount: 3,
  lastFailureTime: formatTime(start),
  retryAfterTime: formatTime(start + 90_000),
  message: "no memory",
};

t.test("what keeps it from starting is told", async (t) => {
  const blocked = (vm: VirtualMachine, found = seen(), noRoom?: string) =>
    planStart({ ...input(vm, found), noRoom }).blockedBy;
  t.match(blocked(machine({ disks }, made(1))), { reason: "VolumeMissing", message: /no empty one is made/ });
  t.match(blocked(machine({ disks: [{ name: "root", image: "none" }] })), { reason: "ImageNotFound" });
  t.match(blocked(machine({ instanceType: "none" })), { reason: "InstanceTypeNotFound" });
  t.match(blocked(machine({}, { hostName: "h1" }), seen(), "with too few CPUs"), {
    reason: "Unschedulable",
    message: 'host "h1" has no room for its present size: it is with too few CPUs',
  });
  t.match(blocked(machine({}, { startFailure: wait })), {
    reason: "CrashLoopBackOff",
    message: /3 failures in a row, next start at .*; last: no memory/,
  });
});

t.test("a back-off ends at its time", async (t) => {
  t.equal(planStart(input(machine({}, { startFailure: wait }))).requeueAfterMs, 90_000);
});

t.test("an image that is gone is nothing to a disk that exists", async (t) => {
  const vm = machine({ disks: [{ name: "root", image: "none" }] }, made(0));
  t.same(steps(vm, seen(gib)), ["DefineDomain", "StartDomain"]);
});

t.test("a running machine gets its definition, with disks that are new", async (t) => {
  const before = machine({ disks: [disks[0]] });
  const running = { ...observed(domain(machine())), volumes: seen(gib).volumes };
  const types = (vm: VirtualMachine) =>
    planDefinition(input(vm, running), domain(machine())).actions.map(({ type }) => type);
  t.same(types(before), ["DefineDomain"]);
  t.same(types(machine({ disks })), ["EnsureVolume", "DefineDomain"]);
  t.same(
    types(machine({ disks: [...disks, { name: "x", image: "none" }] })),
    [],
    "not before all can be made",
  );
  const lost = machine({ disks }, made(1));
  t.same(types(lost), [], "nor when one is lost");
  t.match(planDefinition(input(lost, running), domain(machine())).blockedBy, { reason: "VolumeMissing" });
  t.same(types(machine({ instanceType: "none" })), []);
  t.same(types(machine()), [], "it is right already");
});

t.test("differences are told by field", async (t) => {
  const definition = domain(machine()).definition;
  const other = domain(machine({ cpus: 2, networks: [{ name: "a", network: "b" }] })).definition;
  if (definition === undefined || other === undefined) throw new Error("no definition");
  t.same(differences(definition, other), ["cpus", "networks"]);
  t.same(differences(definition, { ...definition, kernelBoot: { kernel: "x" } }), ["kernelBoot"]);
  t.same(differences(definition, definition), []);
});
