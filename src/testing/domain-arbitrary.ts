import fc from "fast-check";
import type { DomainDefinition } from "../drivers/driver.ts";
import type { Accelerator } from "../schema/host.ts";

const plain = { noNullPrototype: true } as const;
const text = fc.string({ unit: fc.constantFrom(..."ab19 <>&\"'/;:=#-_]["), maxLength: 40 });
const deviceName = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
const volume = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,40}$/);
const sourceName = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$/);
const byte = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, "0"));
const macAddress = fc.tuple(byte, byte, byte).map((bytes) => `52:54:00:${bytes.join(":")}`);

const disks = fc.uniqueArray(
  fc.record(
    { name: deviceName, volume, bus: fc.constantFrom("virtio" as const, "scsi" as const, "sata" as const) },
    plain,
  ),
  { maxLength: 24, selector: (disk) => disk.name },
);

const target = fc.stringMatching(/^vd[a-z]{2}$/);

/** Named apart from disks; in the order of their places. */
const volumes = fc
  .uniqueArray(
    fc.record(
      {
        name: deviceName.map((name) => `v${name}`.slice(0, 20).replace(/-$/, "x")),
        volume,
        format: fc.constantFrom("qcow2" as const, "raw" as const),
        target,
      },
      plain,
    ),
    { minLength: 1, maxLength: 8, selector: ({ name }) => name },
  )
  .map((all) => [...new Map(all.map((one) => [one.target, one])).values()])
  .map((all) => all.sort((left, right) => (left.target < right.target ? -1 : 1)));

const networks = fc.uniqueArray(
  fc.record(
    {
      name: deviceName,
      source: fc.record(
        { type: fc.constantFrom("network" as const, "bridge" as const), name: sourceName },
        plain,
      ),
      macAddress,
      model: fc.constantFrom("virtio" as const, "e1000e" as const, "rtl8139" as const),
    },
    plain,
  ),
  { maxLength: 8, selector: (network) => network.name },
);

const kernelBoot = fc.record(
  { kernel: volume, initrd: volume, commandLine: text.filter((line) => line !== "") },
  { requiredKeys: ["kernel"], ...plain },
);

/** Definitions that are valid, with markup wherever text is free. */
export function anyDefinition(accelerator: Accelerator): fc.Arbitrary<DomainDefinition> {
  const mark = fc.record(
    {
      clusterId: text,
      namespace: text,
      name: text,
      uid: fc.uuid(),
      epoch: fc.integer({ min: 0, max: 2 ** 40 }),
    },
    plain,
  );
  const definition = fc.record(
    {
      mark,
      domainName: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
      accelerator: fc.constant(accelerator),
      cpus: fc.integer({ min: 1, max: 8 }),
      memoryBytes: fc.integer({ min: 1024, max: 2 ** 24 }).map((kib) => kib * 1024),
      disks,
      volumes,
      networks,
      kernelBoot,
    },
    {
      requiredKeys: ["mark", "domainName", "accelerator", "cpus", "memoryBytes", "disks", "networks"],
      ...plain,
    },
  );
  return definition.filter(({ disks: fixed, volumes: more = [] }) => {
    const names = [...fixed, ...more].map(({ name }) => name);
    return new Set(names).size === names.length;
  });
}
