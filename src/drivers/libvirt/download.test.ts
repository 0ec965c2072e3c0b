import t from "tap";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";

const MiB = 2 ** 20;

t.test("a read of a volume that is lost on the way ends with an error, never early", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, host, signal }) => {
    const link = await connect();
    await link.ensureVolume({ volume: "a.raw", format: "raw", capacityBytes: 64 * MiB }, signal);
    const { sizeBytes, open } = await link.readVolume("a.raw", signal);
    t.equal(sizeBytes, 64 * MiB);
    const chunks = open(signal)[Symbol.asyncIterator]();
    t.equal((await chunks.next()).done, false);
    await host.restart();
    await t.rejects(async () => {
      while (!(await chunks.next()).done);
    }, /./);
  });
});

t.test("a reader that has seen enough may stop, and another begins anew", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, signal }) => {
    const link = await connect();
    await link.ensureVolume({ volume: "a.raw", format: "raw", capacityBytes: 8 * MiB }, signal);
    const { open } = await link.readVolume("a.raw", signal);
    for await (const chunk of open(signal)) {
      t.ok(chunk.length > 0);
      break;
    }
    let bytes = 0;
    for await (const chunk of open(signal)) bytes += chunk.length;
    t.equal(bytes, 8 * MiB);
  });
});
