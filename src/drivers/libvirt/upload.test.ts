import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { systemRandom } from "../../runtime/random.ts";
import { fails } from "../../testing/fails.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import type { VolumeContent } from "../driver.ts";

const MiB = 2 ** 20;

/** Content in pieces of 256 KiB; `between` runs after the first MiB. */
function contentOf(
  volume: string,
  bytes: Buffer,
  between: () => Promise<unknown> = async () => 0,
): VolumeContent {
  const open = async function* () {
    for (let from = 0; from < bytes.length; from += MiB / 4) {
      if (from === MiB) await between();
      yield bytes.subarray(from, from + MiB / 4);
    }
  };
  return { volume, format: "raw", sizeBytes: bytes.length, open };
}

t.test("a daemon that dies in the middle leaves what is seen as half, and it is done again", async (t) => {
  await withLibvirt(t, "qemu", async ({ host, connect, poolDirectory, signal }) => {
    const link = await connect();
    const bytes = Buffer.from(systemRandom.bytes(3 * MiB));
    const broken = contentOf("a.raw", bytes, () => host.kill("SIGKILL"));
    await fails(t, link.ensureContent(broken, signal), /OutcomeUnknown|HostUnreachable/);
    await host.restart();
    const again = await connect();
    await again.describe(signal);
    t.strictSame((await again.observe(signal)).volumes, []);
    await again.ensureContent(contentOf("a.raw", bytes), signal);
    t.match((await again.observe(signal)).volumes, [{ name: "a.raw", capacityBytes: 3 * MiB }]);
    t.ok(bytes.equals(await readFile(join(poolDirectory, "a.raw"))));
  });
});

t.test("what arrived whole but is still marked needs no second upload", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, clusterId, virsh, signal }) => {
    const link = await connect();
    const bytes = Buffer.alloc(MiB, 7);
    await link.ensureContent(contentOf("a.raw", bytes), signal);
    await virsh(
      "vol-create-as",
      `ostler-${clusterId.slice(0, 8)}`,
      ".uploading-a.raw",
      "0",
      "--format",
      "raw",
    );
    let opened = 0;
    const content = contentOf("a.raw", bytes);
    const counting = {
      ...content,
      open: () => {
        opened += 1;
        return content.open();
      },
    };
    await link.ensureContent(counting, signal);
    t.equal(opened, 0);
    t.match((await link.observe(signal)).volumes, [{ name: "a.raw" }]);
  });
});

t.test("two connections that upload the same at once end with it whole", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, poolDirectory, signal }) => {
    const links = [await connect(), await connect()];
    const bytes = Buffer.from(systemRandom.bytes(4 * MiB));
    const upload = () =>
      Promise.allSettled(links.map((link) => link.ensureContent(contentOf("a.raw", bytes), signal)));
    for (const outcome of await upload()) {
      if (outcome.status === "rejected") t.match(outcome.reason, { reason: /Conflict|OperationInvalid/ });
    }
    for (const outcome of await upload()) t.equal(outcome.status, "fulfilled", "at the latest when repeated");
    t.ok(bytes.equals(await readFile(join(poolDirectory, "a.raw"))));
  });
});

t.test("a qcow2 image is listed with the size of the disk in it", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-upload-"));
  t.teardown(() => rm(directory, { recursive: true }));
  await withLibvirt(t, "qemu", async ({ connect, signal }) => {
    const path = join(directory, "image.qcow2");
    await promisify(execFile)("qemu-img", ["create", "-f", "qcow2", path, "32M"]);
    const link = await connect();
    await link.ensureContent({ ...contentOf("i.qcow2", await readFile(path)), format: "qcow2" }, signal);
    t.strictSame((await link.observe(signal)).volumes, [{ name: "i.qcow2", capacityBytes: 32 * MiB }]);
  });
});

t.test("an upload does not keep other calls waiting", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, signal }) => {
    const link = await connect();
    const looks: number[] = [];
    const bytes = Buffer.alloc(16 * MiB);
    const between = async () => {
      const definition = define();
      await link.defineDomain(definition, signal);
      looks.push((await link.observe(signal)).domains.length);
    };
    await link.ensureContent(contentOf("a.raw", bytes, between), signal);
    t.strictSame(looks, [1]);
  });
});
