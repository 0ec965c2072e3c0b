import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { ImageKind } from "../../schema/image.ts";
import { Cluster } from "../cluster.ts";
import { imageVolume } from "../image-content.ts";

const disks = [{ name: "root", image: "debian" }];
const minuteMs = 60_000;

async function withImage() {
  const cluster = await Cluster.start();
  await cluster.addImage("debian", "a");
  const host = cluster.hypervisor.host("h1");
  return { cluster, host, volumes: () => cluster.volumesOn(host) };
}

t.test("a machine waits for its image, says so, and runs when that is ready", async (t) => {
  await using cluster = await Cluster.start();
  await cluster.addMachine("web", { disks });
  await cluster.settle();
  t.equal(await cluster.word("web"), "ErrImagePull");
  t.match(findCondition((await cluster.machine("web")).status?.conditions, "Stalled"), {
    reason: "ImageNotFound",
    message: 'image "debian" does not exist: create it or name another one',
  });
  await cluster.addImage("debian");
  await cluster.settle(100);
  t.match(findCondition((await cluster.machine("web")).status?.conditions, "Ready"), {
    reason: "ImageNotReady",
  });
  t.equal(findCondition((await cluster.machine("web")).status?.conditions, "Stalled"), undefined);
  await cluster.readyImage("debian", "a");
  await cluster.settle(100);
  t.equal(await cluster.word("web"), "Running");
  const { uid } = (await cluster.machine("web")).metadata;
  t.same(cluster.volumesOn(cluster.hypervisor.host("h1")), [imageVolume("a"), `vm-${uid}-root.qcow2`]);
});

t.test("a disk that is smaller than its image is refused with a reason", async (t) => {
  const { cluster } = await withImage();
  await using _cluster = cluster;
  await cluster.addMachine("web", { disks: [{ name: "root", image: "debian", size: "1Mi" }] });
  await cluster.settle();
  t.match(findCondition((await cluster.machine("web")).status?.conditions, "Stalled"), {
    reason: "DiskTooSmall",
  });
});

t.test("ten machines of one image upload it once", async (t) => {
  const { cluster, host } = await withImage();
  await using _cluster = cluster;
  host.faults.latencyMs = 50;
  for (let index = 0; index < 10; index++) await cluster.addMachine(`vm-${index}`, { disks });
  await cluster.settle(5_000);
  t.equal(cluster.volumesOn(host).filter((name) => name.startsWith("image-")).length, 1);
  t.equal(await cluster.word("vm-9"), "Running");
});

t.test(
  "an unused content is removed after a minute and more than one look, and not while it is named",
  async (t) => {
    const { cluster, volumes } = await withImage();
    await using _cluster = cluster;
    await cluster.addMachine("web", { disks });
    await cluster.settle();
    await cluster.remove("web");
    await cluster.settle(10 * minuteMs);
    t.same(volumes(), [imageVolume("a")], "an Image names it");
    await cluster.store.delete(ImageKind, { name: "debian" });
    await cluster.settle(50_000);
    t.same(volumes(), [imageVolume("a")]);
    await cluster.settle(40_000);
    t.same(volumes(), []);
  },
);

t.test("a content that disks stand on stays, though its Image has another or is gone", async (t) => {
  const { cluster, volumes } = await withImage();
  await using _cluster = cluster;
  await cluster.addMachine("web", { disks });
  await cluster.settle();
  await cluster.readyImage("debian", "b");
  await cluster.settle(10 * minuteMs);
  t.match(volumes(), [imageVolume("a"), /^vm-/]);
  const { status } = await cluster.machine("web");
  t.equal(findCondition(status?.conditions, "RestartRequired"), undefined, "what exists stays as it is");
  await cluster.store.delete(ImageKind, { name: "debian" });
  await cluster.settle(10 * minuteMs);
  t.match(volumes(), [imageVolume("a"), /^vm-/]);
  (await cluster.domain("web")).kill();
  await cluster.settle();
  t.equal(await cluster.word("web"), "Running");
});

t.test(
  "an image that changes while a machine is made from it leaves nothing without its backing",
  async (t) => {
    const { cluster, host, volumes } = await withImage();
    await using _cluster = cluster;
    host.faults.failNext("ensureVolume", new Error("no space"));
    for (let count = 0; count < 20; count++) host.faults.failNext("ensureVolume", new Error("no space"));
    await cluster.addMachine("web", { disks });
    await cluster.settle(500);
    t.equal(await cluster.word("web"), "Provisioning");
    await cluster.readyImage("debian", "b");
    await cluster.settle(20 * minuteMs);
    t.equal(await cluster.word("web"), "Running");
    t.match((await cluster.machine("web")).status?.volumes, [{ backing: imageVolume("b"), made: true }]);
    t.match(volumes(), [imageVolume("b"), /^vm-/]);
    await cluster.store.delete(ImageKind, { name: "debian" });
    await cluster.settle(10 * minuteMs);
    t.match(volumes(), [imageVolume("b"), /^vm-/]);
  },
);

t.test("while there is a disk whose machine is unknown no content is removed", async (t) => {
  const { cluster, host, volumes } = await withImage();
  await using _cluster = cluster;
  await cluster.addMachine("web", { disks });
  await cluster.settle();
  await cluster.remove("web");
  await cluster.settle();
  const lost = "vm-22222222-2222-4222-8222-222222222222-root.qcow2";
  host.pool(Cluster.clusterId).ensure({ volume: lost, capacityBytes: 1 });
  await cluster.store.delete(ImageKind, { name: "debian" });
  await cluster.settle(10 * minuteMs);
  t.same(volumes(), [imageVolume("a"), lost]);
});

t.test("other people's files in the pool are left alone", async (t) => {
  const { cluster, host, volumes } = await withImage();
  await using _cluster = cluster;
  host.pool(Cluster.clusterId).ensure({ volume: "notes.qcow2", capacityBytes: 1 });
  await cluster.settle(10 * minuteMs);
  t.same(volumes(), ["notes.qcow2"]);
});

t.test("a machine that boots a kernel keeps kernel and initrd on its host", async (t) => {
  const { cluster, volumes } = await withImage();
  await using _cluster = cluster;
  await cluster.addImage("vmlinuz", "c");
  await cluster.addImage("initrd", "d");
  await cluster.addMachine("web", {
    kernelBoot: { kernel: "vmlinuz", initrd: "initrd", commandLine: "quiet" },
  });
  await cluster.settle();
  t.match((await cluster.domain("web")).observed.definition?.kernelBoot, {
    kernel: imageVolume("c"),
    initrd: imageVolume("d"),
    commandLine: "quiet",
  });
  await cluster.store.delete(ImageKind, { name: "initrd" });
  await cluster.settle(10 * minuteMs);
  t.same(volumes(), [imageVolume("c"), imageVolume("d")]);
});
