import t from "tap";
import { admit } from "../schema/admission.ts";
import { type Image, ImageKind } from "../schema/image.ts";
import { InstanceTypeKind } from "../schema/instance-type.ts";
import { PlacementPolicyKind } from "../schema/placement-policy.ts";
import { PriorityClassKind } from "../schema/priority-class.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { VolumeKind } from "../schema/volume.ts";
import { type RequestLookups, resolveRequest } from "./request.ts";

const ostler = "ostler.dev/v1";
const digest = `sha256:${"a".repeat(64)}`;

function machine(spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): VirtualMachine {
  return admit(VirtualMachineKind, {
    apiVersion: ostler,
    kind: "VirtualMachine",
    metadata: { name: "web", uid: "u1", ...metadata },
    spec: { cpus: 2, memory: "1Gi", ...spec },
  });
}

const small = admit(InstanceTypeKind, {
  apiVersion: ostler,
  kind: "InstanceType",
  metadata: { name: "small" },
  spec: { cpus: 4, memory: "2Gi", disk: "20Gi" },
});
const debian: Image = {
  ...admit(ImageKind, {
    apiVersion: ostler,
    kind: "Image",
    metadata: { name: "debian" },
    spec: { source: { file: "/a" }, architecture: "aarch64" },
  }),
  status: { digest, format: "qcow2", sizeBytes: 500, virtualSizeBytes: 2 ** 30 },
};
const volume = (name: string, hostName?: string) => ({
  ...admit(VolumeKind, { apiVersion: ostler, kind: "Volume", metadata: { name }, spec: { size: "1Gi" } }),
  status: hostName === undefined ? {} : { hostName },
});
const policy = (name: string, type: string) =>
  admit(PlacementPolicyKind, {
    apiVersion: ostler,
    kind: "PlacementPolicy",
    metadata: { name },
    spec: { type },
  });
const priority = (name: string, value: number, globalDefault = false) =>
  admit(PriorityClassKind, {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    globalDefault,
    preemptionPolicy: "Never",
  });

function lookups(changes: Partial<RequestLookups> = {}): RequestLookups {
  return {
    instanceType: (name) => (name === "small" ? small : undefined),
    image: (name) => (name === "debian" ? debian : undefined),
    volume: (namespace, name) =>
      namespace === "default" && name === "data" ? volume(name, "h1") : undefined,
    placementPolicy: () => undefined,
    priorityClasses: () => [],
    ...changes,
  };
}

function resolve(vm: VirtualMachine, changes: Partial<RequestLookups> = {}) {
  const resolution = resolveRequest(vm, lookups(changes));
  if (resolution.type === "blocked") throw new Error(resolution.message);
  return resolution.request;
}

t.test("a machine that says nothing else asks for its size, with priority 0 and no policy", async (t) => {
  const vm = machine({ disks: [{ name: "a", size: "1Gi" }] }, { labels: { app: "web" } });
  t.strictSame(resolve(vm), {
    uid: "u1",
    namespace: "default",
    name: "web",
    labels: { app: "web" },
    resources: { cpus: 2, memoryBytes: 2 ** 30, diskBytes: 2 ** 30 },
    architectures: [],
    contents: [],
    volumeHosts: [],
    rules: vm.spec,
    priority: 0,
    preemptible: true,
    preemptionPolicy: "PreemptLowerPriority",
  });
});

t.test("size, architecture and contents come from what the machine names", async (t) => {
  const disks = [
    { name: "root", image: "debian" },
    { name: "big", image: "debian", size: "30Gi" },
    { name: "unknown", image: "missing", size: "1Gi" },
  ];
  const spec = { cpus: undefined, memory: undefined, instanceType: "small", disks };
  const { resources, architectures, contents } = resolve(machine(spec));
  t.strictSame(resources, { cpus: 4, memoryBytes: 2 ** 31, diskBytes: 51 * 2 ** 30 });
  t.strictSame(architectures, ["aarch64"]);
  t.strictSame(contents, [{ volume: `image-${"a".repeat(40)}.qcow2`, bytes: 500 }]);
});

t.test("a disk that exists takes what it was made with", async (t) => {
  const vm = machine({ disks: [{ name: "root", image: "debian" }] });
  const volumes = [{ disk: "root", volume: "v", capacityBytes: 5 * 2 ** 30, made: true }];
  t.equal(resolve({ ...vm, status: { volumes } }).resources.diskBytes, 5 * 2 ** 30);
});

t.test("a machine goes where its volumes are, once each; they take no room of its own", async (t) => {
  const vm = machine({ disks: ["data", "more", "new"].map((name) => ({ name, volume: name })) });
  const { volumeHosts, resources } = resolve(vm, {
    volume: (_namespace, name) => (name === "new" ? volume(name) : volume(name, "h1")),
  });
  t.strictSame(volumeHosts, ["h1"]);
  t.equal(resources.diskBytes, 0);
});

t.test("the policy is the one that is named, or the one called default", async (t) => {
  const placementPolicy = (name: string) =>
    ({ default: policy("default", "RoundRobin"), packed: policy("packed", "BinPacking") })[name];
  t.match(resolve(machine({}), { placementPolicy }), { policy: { type: "RoundRobin" } });
  t.match(resolve(machine({ placementPolicy: "packed" }), { placementPolicy }), {
    policy: { type: "BinPacking" },
  });
});

t.test("the priority is that of the class that is named, or of the lowest default class", async (t) => {
  const priorityClasses = () => [priority("a", 5), priority("b", 30, true), priority("c", 20, true)];
  t.match(resolve(machine({}), { priorityClasses }), { priority: 20, preemptionPolicy: "Never" });
  t.match(resolve(machine({ priorityClassName: "a" }), { priorityClasses }), { priority: 5 });
  t.match(resolve(machine({})), { priority: 0, preemptionPolicy: "PreemptLowerPriority" });
});

t.test("what is named and does not exist is told", async (t) => {
  const cases = [
    [{ cpus: undefined, memory: undefined, instanceType: "none" }, "InstanceTypeNotFound"],
    [{ placementPolicy: "none" }, "PlacementPolicyNotFound"],
    [{ priorityClassName: "none" }, "PriorityClassNotFound"],
  ] as const;
  for (const [spec, reason] of cases) {
    t.match(resolveRequest(machine(spec), lookups()), {
      type: "blocked",
      reason,
      message: /"none" does not exist/,
    });
  }
});
