import t from "tap";
import { checkDefinition } from "../../drivers/definition.ts";
import type { DomainDefinition } from "../../drivers/driver.ts";
import {
  clusterId,
  image,
  instanceType,
  lookups,
  machine,
  resolved,
  uid,
} from "../../testing/machine-fixture.ts";
import {
  defineMachine,
  definitionHash,
  domainNameOf,
  resolveMachine,
  resourcesOf,
  uidOf,
} from "./desired.ts";

const disks = [
  { name: "root", image: "debian", size: "3Gi" },
  { name: "data", size: "1Gi", bus: "scsi" },
];
const networks = [
  { name: "lan", network: "default" },
  { name: "dmz", bridge: "br0", macAddress: "52:54:00:aa:bb:cc", model: "e1000e" },
];
const debian = lookups(image("debian", "a"), image("linux", "b"), image("initrd", "c"));

t.test("a definition has everything that the spec asks for, and every driver takes it", async (t) => {
  const vm = machine({ disks, networks, kernelBoot: { kernel: "linux", initrd: "initrd" } });
  const definition = defineMachine(resolved(vm, debian), clusterId, "kvm");
  checkDefinition(definition);
  t.match(definition, {
    mark: { clusterId, namespace: "default", name: "web", uid, epoch: 0 },
    domainName: `default-web-${uid.slice(0, 8)}`,
    accelerator: "kvm",
    cpus: 1,
    memoryBytes: 2 ** 29,
    disks: [
      { name: "root", volume: `vm-${uid}-root.qcow2`, bus: "virtio" },
      { name: "data", volume: `vm-${uid}-data.qcow2`, bus: "scsi" },
    ],
    networks: [
      {
        name: "lan",
        source: { type: "network", name: "default" },
        macAddress: /^52:54:00(:[0-9a-f]{2}){3}$/,
      },
      {
        name: "dmz",
        source: { type: "bridge", name: "br0" },
        macAddress: "52:54:00:aa:bb:cc",
        model: "e1000e",
      },
    ],
    kernelBoot: { kernel: `image-${"b".repeat(40)}.qcow2`, initrd: `image-${"c".repeat(40)}.qcow2` },
  });
});

t.test("a domain has the name that its spec names", async (t) => {
  const vm = machine({ domainName: "Web_1" });
  t.equal(defineMachine(resolved(vm), clusterId, "qemu").domainName, "Web_1");
  checkDefinition(defineMachine(resolved(vm), clusterId, "qemu"));
});

t.test(
  "an address that is not given stays the same, and differs between machines and networks",
  async (t) => {
    const macs = (vm = machine({ networks: [networks[0], { name: "b", network: "default" }] })) =>
      defineMachine(resolved(vm), clusterId, "qemu").networks.map(({ macAddress }) => macAddress);
    t.same(macs(), macs());
    t.equal(new Set(macs()).size, 2);
    const other = machine({ networks: [networks[0]] }, {}, { uid: "ffffffff-89ab-4cde-8f01-23456789abcd" });
    t.notOk(macs().includes(macs(other)[0] ?? ""));
  },
);

const obstacles: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["an instance type", { instanceType: "huge" }, "InstanceTypeNotFound"],
  ["a kernel", { kernelBoot: { kernel: "none" } }, "ImageNotFound"],
  ["an initrd that is not ready", { kernelBoot: { kernel: "linux", initrd: "slow" } }, "ImageNotReady"],
];

for (const [what, spec, reason] of obstacles) {
  t.test(`without ${what} nothing can be said: ${reason}`, async (t) => {
    const known = lookups(image("linux", "b"), image("slow"));
    t.match(resolveMachine(machine(spec), known), { type: "blocked", blockedBy: { reason } });
  });
}

const diskObstacles: readonly (readonly [string, Record<string, unknown>, string | undefined])[] = [
  ["whose image does not exist", { name: "a", image: "none" }, "ImageNotFound"],
  ["whose image is not ready", { name: "a", image: "slow" }, "ImageNotReady"],
  ["whose image is a kernel", { name: "a", image: "linux", size: "1Gi" }, "ImageNotADisk"],
  ["that is smaller than its image", { name: "a", image: "debian", size: "1Mi" }, "DiskTooSmall"],
  ["as large as its image", { name: "a", image: "debian", size: "1Gi" }, undefined],
  ["that is blank", { name: "a", size: "1Mi" }, undefined],
];

for (const [what, disk, reason] of diskObstacles) {
  t.test(`a disk ${what}: ${reason ?? "can be made"}`, async (t) => {
    const kernel = image("linux", "b");
    const linux = { ...kernel, status: { ...kernel.status, contents: "kernel" as const } };
    const known = lookups(image("debian", "a"), image("slow"), linux);
    t.equal(resolved(machine({ disks: [disk] }), known).disks[0]?.blockedBy?.reason, reason);
  });
}

t.test("a disk that exists has no more to do with its image", async (t) => {
  const backing = `image-${"a".repeat(40)}.qcow2`;
  const entry = { disk: "root", volume: `vm-${uid}-root.qcow2`, backing, capacityBytes: 2 ** 30 };
  const made = { volumes: [{ ...entry, made: true }] };
  const vm = machine({ disks: [{ name: "root", image: "debian" }] }, made);
  t.same(resolved(vm).disks[0]?.spec, {
    volume: entry.volume,
    capacityBytes: 2 ** 30,
    backing: { volume: backing, format: "qcow2" },
  });
  t.equal(resolved(vm).disks[0]?.blockedBy, undefined);
  const grown = machine({ disks: [{ name: "root", image: "debian", size: "5Gi" }] }, made);
  t.equal(resolved(grown).disks[0]?.spec.capacityBytes, 5 * 2 ** 30);
});

t.test("an instance type may say how large the first disk is that is made from an image", async (t) => {
  const gib = 2 ** 30;
  const known = lookups(image("debian", "a"), instanceType("roomy", 1, "1Gi", "20Gi"));
  const sizes = (...disks: readonly Record<string, unknown>[]) => {
    const vm = machine({ instanceType: "roomy", disks });
    return resolved(vm, known).disks.map(({ spec }) => spec.capacityBytes / gib);
  };
  const fromImage = { name: "root", image: "debian" };
  t.same(sizes(fromImage, { name: "more", image: "debian" }), [20, 1]);
  t.same(sizes({ ...fromImage, size: "5Gi" }), [5], "a disk that names its size has that");
  t.same(sizes({ name: "blank", size: "2Gi" }, fromImage), [2, 1]);
  const small = lookups(image("debian", "a"), instanceType("roomy", 1, "1Gi", "2Mi"));
  const vm = machine({ instanceType: "roomy", disks: [fromImage] });
  t.equal(resolved(vm, small).disks[0]?.spec.capacityBytes, gib, "never less than the image");
  t.equal(resolved(vm, small).disks[0]?.blockedBy, undefined);
});

t.test("what a machine takes of its host is its size and the sum of its disks", async (t) => {
  const vm = machine({ cpus: 2, memory: "1Gi", disks });
  t.same(resourcesOf(resolved(vm, debian)), { cpus: 2, memoryBytes: 2 ** 30, diskBytes: 4 * 2 ** 30 });
});

const base = defineMachine(resolved(machine({ disks, networks }), debian), clusterId, "qemu");
const visible: Readonly<Record<string, Partial<DomainDefinition>>> = {
  accelerator: { accelerator: "kvm" },
  cpus: { cpus: 3 },
  memory: { memoryBytes: 2 ** 21 },
  disks: { disks: base.disks.slice(1) },
  bus: { disks: base.disks.map((disk) => ({ ...disk, bus: "sata" as const })) },
  networks: { networks: base.networks.slice(1) },
  model: { networks: base.networks.map((network) => ({ ...network, model: "rtl8139" as const })) },
  kernel: { kernelBoot: { kernel: "x" } },
};

for (const [what, change] of Object.entries(visible)) {
  t.test(`another ${what} is another definition to the guest`, async (t) => {
    t.not(definitionHash({ ...base, ...change }), definitionHash(base));
  });
}

t.test("mark, name and the order of fields are nothing to the guest", async (t) => {
  const backwards = Object.fromEntries(Object.entries(base).reverse());
  const same = { ...base, ...backwards, domainName: "x", mark: { ...base.mark, epoch: 9 } };
  t.equal(definitionHash(same), definitionHash(base));
});

t.test("domain names tell namespaces and uids apart, and are never too long", async (t) => {
  const name = "a".repeat(63);
  const long = domainNameOf(machine({}, {}, { name, namespace: name }));
  t.equal(long.length, 136);
  t.not(domainNameOf(machine()), domainNameOf(machine({}, {}, { namespace: "other" })));
});

t.test("what is not from the store has no uid, and nothing can be made of it", async (t) => {
  t.throws(() => uidOf(machine({}, {}, { uid: undefined })), /has no uid/);
});
