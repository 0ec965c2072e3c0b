import fc from "fast-check";
import t from "tap";
import { anyDefinition } from "../../testing/domain-arbitrary.ts";
import type { DomainDefinition } from "../driver.ts";
import { parseDomain } from "./domain-parse.ts";
import { writeDomain } from "./domain-xml.ts";

const profile = { architecture: "x86_64", poolPath: "/pool", libvirtVersion: 9_000_000 };

const definition: DomainDefinition = {
  mark: {
    clusterId: "c1",
    namespace: "default",
    name: "web",
    uid: "01234567-89ab-cdef-0123-456789abcdef",
    epoch: 7,
  },
  domainName: "default-web-01234567",
  accelerator: "kvm",
  cpus: 2,
  memoryBytes: 2 ** 30,
  disks: [{ name: "root", volume: "vm-root.qcow2", bus: "virtio" }],
  networks: [
    {
      name: "lan",
      source: { type: "network", name: "default" },
      macAddress: "52:54:00:00:00:01",
      model: "virtio",
    },
  ],
  kernelBoot: { kernel: "k", initrd: "i", commandLine: "console=ttyS0" },
};
const written = writeDomain(definition, profile);

t.test("what is written is parsed", async (t) => {
  for (const accelerator of ["kvm", "qemu", "test"] as const) {
    fc.assert(
      fc.property(anyDefinition(accelerator), (given) => {
        const parsed = parseDomain(writeDomain(given, profile), "/pool");
        t.strictSame(parsed.definition, given);
        t.strictSame(parsed.mark, given.mark);
        t.equal(parsed.cpus, given.cpus);
      }),
      { numRuns: 100 },
    );
  }
});

/** A hand edit, and how the definition shows it. */
const edits: Record<string, readonly [from: string | RegExp, to: string, seen: object]> = {
  "unplugged CPUs": [">2</vcpu>", ' current="1">2</vcpu>', { cpus: 0 }],
  "a higher maximum of CPUs": [">2</vcpu>", ' current="2">4</vcpu>', { cpus: 0 }],
  "more CPUs": [">2</vcpu>", ' current="4">4</vcpu>', { cpus: 4 }],
  "less memory": ["<vcpu", '<currentMemory unit="MiB">512</currentMemory><vcpu', { memoryBytes: 0 }],
  "a higher maximum of memory": [
    /<memory .*<\/memory>/,
    '<memory unit="MiB">2048</memory><currentMemory unit="MiB">1024</currentMemory>',
    { memoryBytes: 0 },
  ],
  "more memory": [
    /<memory .*<\/memory>/,
    '<memory unit="MiB">2048</memory><currentMemory unit="GiB">2</currentMemory>',
    { memoryBytes: 2 ** 31 },
  ],
  "another accelerator": ['type="kvm"', 'type="qemu"', { accelerator: "qemu" }],
  "a disk outside our pool": [
    "/pool/vm-root.qcow2",
    "/etc/passwd",
    { disks: [{ name: "root", volume: "disk:virtio:qcow2:/etc/passwd" }] },
  ],
  "a disk below our pool": ["/pool/vm", "/pool/a/../vm", { disks: [{ volume: /^disk:/ }] }],
  "another format": [
    'type="qcow2"',
    'type="raw"',
    { disks: [{ volume: "disk:virtio:raw:/pool/vm-root.qcow2" }] },
  ],
  "another bus": ['bus="virtio"', 'bus="usb"', { disks: [{ volume: /^disk:usb:/ }] }],
  "a CD-ROM": [
    "</devices>",
    '<disk type="file" device="cdrom"><target dev="sda" bus="sata"/></disk></devices>',
    { disks: [{ name: "root" }, { name: "sda", volume: "cdrom:sata:raw:" }] },
  ],
  "another network": ['network="default"', 'network="other"', { networks: [{ source: { name: "other" } }] }],
  "another address": ["52:54:00:00:00:01", "52:54:00:00:00:02", { networks: [{ macAddress: /02$/ }] }],
  "another model": [
    'type="virtio"/><alias',
    'type="ne2k_pci"/><alias',
    { networks: [{ source: { name: "network:ne2k_pci:default" } }] },
  ],
  "a second network": [
    "</devices>",
    '<interface type="direct"><source dev="eth0" mode="bridge"/></interface></devices>',
    { networks: [{ name: "lan" }, { name: "unnamed:1", source: { name: "direct::eth0 bridge" } }] },
  ],
  "another kernel": ["/pool/k<", "/boot/k<", { kernelBoot: { kernel: "file:/boot/k" } }],
  "another command line": ["console=ttyS0", "quiet", { kernelBoot: { commandLine: "quiet" } }],
  "another epoch": ['epoch="7"', 'epoch="8"', { mark: { epoch: 8 } }],
};

for (const [what, [from, to, seen]] of Object.entries(edits)) {
  t.test(`${what} set by hand shows in the definition`, async (t) => {
    const text = written.replace(from, to);
    t.not(text, written, "edited");
    const parsed = parseDomain(text, "/pool");
    t.match(parsed.definition, seen);
    t.not(JSON.stringify(parsed.definition), JSON.stringify(definition));
  });
}

t.test("amounts for now that are the maximum are what we define, as libvirt writes them", async (t) => {
  const text = written
    .replace(">2</vcpu>", ' current="2">2</vcpu>')
    .replace("<vcpu", '<currentMemory unit="KiB">1048576</currentMemory><vcpu');
  t.match(text, /current="2".*currentMemory|currentMemory.*current="2"/s);
  t.strictSame(parseDomain(text, "/pool").definition, definition);
});

t.test("a mark that is not whole, or was copied with the domain, makes it foreign", async (t) => {
  const changes: readonly [string | RegExp, string][] = [
    [definition.mark.uid, "99999999-89ab-cdef-0123-456789abcdef"],
    ['cluster="c1"', ""],
    ['epoch="7"', 'epoch="-1"'],
    ['epoch="7"', 'epoch="x"'],
    ["https://ostler.dev/libvirt/v1", "https://elsewhere.example"],
    [/<metadata>.*<\/metadata>/, ""],
  ];
  for (const [from, to] of changes) {
    const parsed = parseDomain(written.replace(from, to), "/pool");
    t.equal(parsed.mark, undefined, to);
    t.equal(parsed.definition, undefined);
    t.equal(parsed.memoryBytes, 2 ** 30);
  }
});

t.test("a domain of a type that we never define has a mark but no definition of ours", async (t) => {
  const parsed = parseDomain(written.replace('type="kvm"', 'type="xen"'), "/pool");
  t.ok(parsed.mark);
  t.equal(parsed.definition, undefined);
});

t.test("what is no domain is refused", async (t) => {
  t.throws(() => parseDomain("<network/>", "/pool"), /no domain/);
});
