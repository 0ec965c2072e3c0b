import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { fails } from "../../testing/fails.ts";
import { until, withLibvirt } from "../../testing/libvirt-fixture.ts";
import type { VolumeContent } from "../driver.ts";

const MiB = 2 ** 20;

function contentOf(volume: string, bytes: Uint8Array): VolumeContent {
  const open = async function* () {
    yield bytes;
  };
  return { volume, format: "raw", sizeBytes: bytes.length, open };
}

t.test("volumes survive what is done to pool and files by hand", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, clusterId, poolDirectory, virsh, signal }) => {
    const link = await connect();
    const pool = `ostler-${clusterId.slice(0, 8)}`;
    const names = async () => (await link.observe(signal)).volumes.map((volume) => volume.name).sort();
    const spec = { volume: "a.qcow2", capacityBytes: 4 * MiB };

    t.strictSame(await names(), [], "no pool, no volumes");
    await link.deleteVolume("a.qcow2", signal);
    t.notMatch(await virsh("pool-list", "--all"), pool, "looking and deleting made none");

    await link.ensureVolume(spec, signal);
    await virsh("pool-destroy", pool);
    t.strictSame(await names(), [], "a stopped pool shows nothing");
    await link.ensureVolume({ ...spec, capacityBytes: 8 * MiB }, signal);
    t.strictSame((await link.observe(signal)).volumes, [{ name: "a.qcow2", capacityBytes: 8 * MiB }]);

    await writeFile(join(poolDirectory, ".hidden"), "x");
    await writeFile(join(poolDirectory, "UPPER"), "x");
    await writeFile(join(poolDirectory, "raw.qcow2"), "not what its name says");
    await virsh("pool-refresh", pool);
    t.strictSame(await names(), ["a.qcow2", "raw.qcow2"], "what we could not have made is not shown");
    await fails(t, link.ensureVolume({ volume: "raw.qcow2", capacityBytes: MiB }, signal), "Conflict");

    await rm(join(poolDirectory, "a.qcow2"));
    await until(async () => !(await names()).includes("a.qcow2"));
    await link.deleteVolume("a.qcow2", signal);
    await link.ensureVolume(spec, signal);
    t.ok((await names()).includes("a.qcow2"));
  });
});

t.test("an overlay waits for its backing to be whole", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, clusterId, virsh, signal }) => {
    const link = await connect();
    const pool = `ostler-${clusterId.slice(0, 8)}`;
    await link.ensureContent(contentOf("base.raw", Buffer.alloc(MiB)), signal);
    const overlay = {
      volume: "o.qcow2",
      capacityBytes: 2 * MiB,
      backing: { volume: "base.raw", format: "raw" },
    } as const;
    await virsh("vol-create-as", pool, ".uploading-base.raw", "0", "--format", "raw");
    t.strictSame((await link.observe(signal)).volumes, []);
    await fails(t, link.ensureVolume(overlay, signal), "NotFound");
    await link.ensureContent(contentOf("base.raw", Buffer.alloc(MiB)), signal);
    await link.ensureVolume(overlay, signal);
    t.match(
      await virsh("vol-dumpxml", "o.qcow2", "--pool", pool),
      /<format type='raw'\/>/,
      "format is named",
    );
  });
});

t.test("a disk that a guest uses is not grown under it", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, signal }) => {
    const link = await connect();
    await link.ensureVolume({ volume: "used.qcow2", capacityBytes: 4 * MiB }, signal);
    const definition = define({ disks: [{ name: "root", volume: "used.qcow2", bus: "virtio" }] });
    await link.defineDomain(definition, signal);
    await link.startDomain(definition.mark, signal);
    const grow = link.ensureVolume({ volume: "used.qcow2", capacityBytes: 8 * MiB }, signal);
    await fails(t, grow, "OperationInvalid");
    await link.destroyDomain(definition.mark, signal);
    await link.ensureVolume({ volume: "used.qcow2", capacityBytes: 8 * MiB }, signal);
    t.match((await link.observe(signal)).volumes, [{ capacityBytes: 8 * MiB }]);
  });
});
