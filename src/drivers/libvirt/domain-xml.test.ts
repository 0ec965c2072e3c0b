import fc from "fast-check";
import t from "tap";
import { anyDefinition } from "../../testing/domain-arbitrary.ts";
import type { DomainDefinition } from "../driver.ts";
import { type HostProfile, writeDomain, writeVolume } from "./domain-xml.ts";
import { attribute, find, findAll, readXml, type XmlElement } from "./xml-reader.ts";

const profile: HostProfile = { architecture: "x86_64", poolPath: "/pool", libvirtVersion: 9_000_000 };

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
  networks: [],
};

const domainOf = (change: Partial<DomainDefinition>, host: Partial<HostProfile> = {}): XmlElement =>
  readXml(writeDomain({ ...definition, ...change }, { ...profile, ...host }));

t.test("a machine is written in full", async (t) => {
  t.matchSnapshot(writeDomain(definition, profile).replaceAll("><", ">\n<"));
});

t.test("no text of a definition adds an element or an attribute", async () => {
  const harmless = (given: DomainDefinition): DomainDefinition => ({
    ...given,
    mark: { ...given.mark, clusterId: "x", namespace: "x", name: "x" },
    ...(given.kernelBoot?.commandLine === undefined
      ? {}
      : { kernelBoot: { ...given.kernelBoot, commandLine: "x" } }),
  });
  const shape = (element: XmlElement): string =>
    `${element.name}[${[...element.attributes.keys()].join(" ")}](${element.children.map(shape).join(",")})`;
  const shapeOf = (given: DomainDefinition): string => shape(readXml(writeDomain(given, profile)));
  fc.assert(
    fc.property(anyDefinition("qemu"), (given) => shapeOf(given) === shapeOf(harmless(given))),
    { numRuns: 500 },
  );
});

t.test("every disk names its format and lies in our pool", async (t) => {
  fc.assert(
    fc.property(anyDefinition("kvm"), (given) =>
      findAll(find(readXml(writeDomain(given, profile)), "devices"), "disk").every(
        (disk) =>
          /^(qcow2|raw)$/.test(attribute(find(disk, "driver"), "type") ?? "") &&
          /^\/pool\/[^/]+$/.test(attribute(find(disk, "source"), "file") ?? ""),
      ),
    ),
  );
  t.pass("as said");
});

t.test("a volume names its format and place, and nothing boots from it", async (t) => {
  const volume = { name: "data", volume: "volume-1.raw", format: "raw", target: "vdab" } as const;
  const disk = readXml(writeVolume(volume, "/pool"));
  t.equal(attribute(find(disk, "driver"), "type"), "raw");
  t.equal(attribute(find(disk, "source"), "file"), "/pool/volume-1.raw");
  t.equal(attribute(find(disk, "target"), "dev"), "vdab");
  t.equal(find(disk, "serial")?.text, "data");
  t.equal(find(disk, "boot"), undefined);
  t.throws(() => writeVolume({ ...volume, volume: "/etc/shadow" }, "/pool"), /must match/);
});

t.test("a machine has ports to spare for volumes that come while it runs", async (t) => {
  const portsOf = (domain: XmlElement) =>
    findAll(find(domain, "devices"), "controller").filter(
      (controller) => attribute(controller, "model") === "pcie-root-port",
    ).length;
  const bare = portsOf(domainOf({ accelerator: "kvm", disks: [], networks: [] }));
  const disks = [{ name: "root", volume: "r.qcow2", bus: "virtio" }] as const;
  t.equal(portsOf(domainOf({ accelerator: "kvm", disks, networks: [] })), bare + 1);
  t.equal(portsOf(domainOf({ accelerator: "test" })), 0);
});

t.test("the cache for translated code is bounded only where libvirt understands it", async (t) => {
  const cacheOf = (domain: XmlElement) => find(domain, "features", "tcg", "tb-cache")?.text;
  t.equal(cacheOf(domainOf({ accelerator: "qemu" })), "32");
  t.equal(cacheOf(domainOf({ accelerator: "qemu" }, { libvirtVersion: 8_009_000 })), undefined);
  t.equal(cacheOf(domainOf({ accelerator: "kvm" })), undefined);
});

t.test("machine, CPU and firmware follow the host", async (t) => {
  const view = (domain: XmlElement) => ({
    machine: attribute(find(domain, "os", "type"), "machine"),
    cpu: attribute(find(domain, "cpu"), "mode"),
    firmware: attribute(find(domain, "os"), "firmware"),
    acpi: find(domain, "features", "acpi") !== undefined,
  });
  const arm = { architecture: "aarch64" };
  const none = { machine: undefined, cpu: undefined, firmware: undefined };
  t.strictSame(view(domainOf({})), { ...none, machine: "q35", cpu: "host-model", acpi: true });
  t.match(view(domainOf({ accelerator: "qemu" })), { machine: "q35", cpu: "maximum" });
  t.strictSame(view(domainOf({}, arm)), {
    machine: "virt",
    cpu: "host-passthrough",
    firmware: "efi",
    acpi: true,
  });
  t.match(view(domainOf({ kernelBoot: { kernel: "k" } }, arm)), { firmware: undefined, acpi: false });
  t.match(view(domainOf({ accelerator: "test" }, { architecture: "i686" })), none);
});

t.test("SCSI controllers suffice for the disks on them", async (t) => {
  const disks = Array.from({ length: 16 }, (_, index) => ({
    name: `d${index}`,
    volume: `v${index}`,
    bus: "scsi" as const,
  }));
  const controllers = (domain: XmlElement) =>
    findAll(find(domain, "devices"), "controller").filter((found) => attribute(found, "type") === "scsi")
      .length;
  t.equal(controllers(domainOf({ disks: [] })), 0);
  t.equal(controllers(domainOf({ disks: disks.slice(0, 15) })), 1);
  t.equal(controllers(domainOf({ disks })), 2);
});
