import t from "tap";
import { checkDefinition } from "./definition.ts";
import type { DomainDefinition } from "./driver.ts";

const disk = { name: "root", volume: "vm-root.qcow2", bus: "virtio" } as const;
const network = {
  name: "lan",
  source: { type: "bridge", name: "br0" },
  macAddress: "52:54:00:00:00:01",
  model: "virtio",
} as const;

const volume = { name: "data", volume: "volume-1.qcow2", format: "qcow2", target: "vdaa" } as const;

const sound: DomainDefinition = {
  mark: {
    clusterId: "c",
    namespace: "default",
    name: "web",
    uid: "01234567-89ab-cdef-0123-456789abcdef",
    epoch: 0,
  },
  domainName: "default-web-01234567",
  accelerator: "kvm",
  cpus: 1,
  memoryBytes: 2 ** 30,
  disks: [disk],
  volumes: [volume],
  networks: [network],
  kernelBoot: { kernel: "k.raw", initrd: "i.raw", commandLine: "console=ttyS0 <&>\"'" },
};

t.test("a definition that a hypervisor can be given passes", async () => {
  checkDefinition(sound);
  checkDefinition({ ...sound, disks: [], networks: [], domainName: "x".repeat(200) });
});

const unsound: Record<string, Partial<DomainDefinition>> = {
  "a uid in capitals": { mark: { ...sound.mark, uid: sound.mark.uid.toUpperCase() } },
  "a negative epoch": { mark: { ...sound.mark, epoch: -1 } },
  "a name with a slash": { domainName: "a/b" },
  "a name that starts with a dash": { domainName: "-a" },
  "half a CPU": { cpus: 0.5 },
  "too many CPUs": { cpus: 513 },
  "memory of no whole KiB": { memoryBytes: 2 ** 30 + 1 },
  "no memory": { memoryBytes: 0 },
  "memory beyond counting": { memoryBytes: 2 ** 60 },
  "a disk twice": { disks: [disk, disk] },
  "25 disks": { disks: Array.from({ length: 25 }, (_, index) => ({ ...disk, name: `d${index}` })) },
  "a disk's name with a quote": { disks: [{ ...disk, name: "a'" }] },
  "a path as a volume": { disks: [{ ...disk, volume: "/dev/sda" }] },
  "a volume on a disk's letter": { volumes: [{ ...volume, target: "vdb" }] },
  "a volume that is no volume name": { volumes: [{ ...volume, volume: "../data" }] },
  "a volume with a disk's name": { volumes: [{ ...volume, name: disk.name }] },
  "two volumes in one place": { volumes: [volume, { ...volume, name: "more" }] },
  "volumes out of order": {
    volumes: [
      { ...volume, target: "vdab" },
      { ...volume, name: "more" },
    ],
  },
  "a network twice": { networks: [network, network] },
  "a bridge with a bracket": { networks: [{ ...network, source: { type: "bridge", name: "<" } }] },
  "a multicast address": { networks: [{ ...network, macAddress: "01:00:00:00:00:01" }] },
  "a path as an initrd": { kernelBoot: { kernel: "k", initrd: "../i" } },
  "a command line of two lines": { kernelBoot: { kernel: "k", commandLine: "a\nb" } },
};

for (const [what, change] of Object.entries(unsound)) {
  t.test(`${what} is refused`, async (t) => {
    t.throws(() => checkDefinition({ ...sound, ...change }), /cannot be|must match/);
  });
}
