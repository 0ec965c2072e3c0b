import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { admit } from "../schema/admission.ts";
import { findCondition, isTrue } from "../schema/conditions.ts";
import { HostKind } from "../schema/host.ts";
import { ImageKind } from "../schema/image.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { type Volume, VolumeKind, type VolumeStatus } from "../schema/volume.ts";
import { askConsole, runInGuest } from "./guest-console.ts";
import { type LibvirtHost, libvirtAvailable, startLibvirtHost } from "./libvirt-host.ts";
import { eventually, type ServerProcess, startServerProcess } from "./server-process.ts";
import { buildTinyGuest, tinyGuestAvailable } from "./tiny-guest.ts";

const missing = [libvirtAvailable(), tinyGuestAvailable()].find(({ available }) => !available);
const apiVersion = "ostler.dev/v1";
const inDefault = (name: string) => ({ namespace: "default", name });
const withData = [{ name: "data", volume: "data" }];
/** The guest's name for the disk with this serial number; nothing when it has none. */
const findDisk = (serial: string) =>
  `for d in /sys/block/vd*; do [ "$(cat $d/serial 2>/dev/null)" = ${serial} ] && echo disk:\${d##*/}; done`;

t.test(
  "a guest sees its volume come, grow and go while it runs, and another reads elsewhere what it wrote",
  { skip: missing?.reason ?? false, timeout: 600_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-volumes-"));
    t.teardown(() => rm(directory, { recursive: true }));
    const guest = await buildTinyGuest();
    const images = join(directory, "state/images/guest");
    await mkdir(images, { recursive: true });
    await copyFile(guest.kernel, join(images, "vmlinuz"));
    await copyFile(guest.initrd, join(images, "initrd.gz"));
    await using h1 = await startLibvirtHost();
    await using h2 = await startLibvirtHost();
    const hosts: Readonly<Record<string, LibvirtHost>> = { h1, h2 };
    const args = Object.entries(hosts).flatMap(([name, { socketPath }]) => [
      "--host",
      `${name}=qemu+unix:///system?socket=${socketPath}`,
    ]);
    await using server = await startServerProcess({ directory, args: [...args, "--resync-seconds", "5"] });
    const { client } = server;
    for (const name of Object.keys(hosts)) {
      await eventually(`host ${name} is Ready`, async () => {
        const { status } = await client.get(HostKind, { name });
        return isTrue(status?.conditions, "Ready") || undefined;
      });
    }
    for (const name of ["vmlinuz", "initrd.gz"]) {
      const spec = { source: { file: join(images, name) } };
      const metadata = { name: name.replace(".gz", "") };
      await client.create(ImageKind, admit(ImageKind, { apiVersion, kind: "Image", metadata, spec }));
    }

    await cordon(server, "h2", true);
    const first = await createMachine(server, "first", []);
    await cordon(server, "h2", false);
    await cordon(server, "h1", true);
    await client.create(VolumeKind, volumeOf("data", "32Mi"));
    await volume(server, "Available");
    const before = await domainId(h1, first);

    await t.test(
      "made on the other host, it is carried to its machine and appears in the guest",
      async (t) => {
        t.equal((await client.get(VolumeKind, inDefault("data"))).status?.hostName, "h2");
        await disksOf(server, "first", withData);
        const { status } = await volume(server, "Attached");
        t.equal(status?.hostName, "h1");
        const seen = await inGuest(h1, first, findDisk("data"), /disk:vd[a-z]/);
        t.comment(seen);
        t.same(await files(h2), [], "nothing is left where it came from");
        await inGuest(h1, first, `echo precious >/dev/vda && sync && echo written`, /^written/m);
      },
    );

    await t.test("taken away by hand, it comes back", async (t) => {
      const { stdout } = await h1.exec(["virsh", "domblklist", first]);
      const target = /(vd[a-z]{2})\s/.exec(stdout)?.[1] ?? "none";
      const result = await h1.exec(["virsh", "detach-disk", first, target, "--live"]);
      t.equal(result.code, 0, result.stderr);
      await inGuest(h1, first, findDisk("data"), /disk:vd[a-z]/);
      await eventually("libvirt has it once", async () => {
        const list = await h1.exec(["virsh", "domblklist", first]);
        return (list.stdout.match(/volume-/g) ?? []).length === 1 || undefined;
      });
    });

    await t.test("it grows under the guest", async () => {
      await client.patch(VolumeKind, inDefault("data"), { spec: { size: "64Mi" } });
      await inGuest(h1, first, "cat /sys/block/vd*/size", /^131072$/m);
      await eventually("its status says so", async () => {
        const { status } = await client.get(VolumeKind, inDefault("data"));
        return status?.capacityBytes === 2 ** 26 || undefined;
      });
    });

    await t.test("let go, it disappears from the guest, which has run on all the time", async (t) => {
      await disksOf(server, "first", []);
      await volume(server, "Available");
      const shown = await inGuest(h1, first, `${findDisk("data")}; echo none-$((1))`, /none-1/);
      t.notMatch(shown, /disk:vd/);
      t.notMatch((await h1.exec(["virsh", "dumpxml", "--inactive", first])).stdout, /volume-/);
      t.equal(await domainId(h1, first), before, "no restart");
      const vm = await client.get(VirtualMachineKind, inDefault("first"));
      t.equal(findCondition(vm.status?.conditions, "RestartRequired"), undefined);
    });

    await t.test("another machine starts with it, elsewhere, and reads what was written", async (t) => {
      await createMachine(server, "second", [], "h2");
      await disksOf(server, "second", withData);
      const { status } = await volume(server, "Attached");
      t.match(status, { hostName: "h2", attachedTo: { name: "second" } });
      const { status: second } = await client.get(VirtualMachineKind, inDefault("second"));
      await inGuest(h2, second?.domain?.name ?? "", "head -c 8 /dev/vda; echo", /^precious/m);
      t.same(await files(h1), []);
    });

    await t.test("deleted, it waits for its machine, and then nothing of it is left", async (t) => {
      await client.delete(VolumeKind, inDefault("data"));
      const waiting = await volume(server, "Deleting");
      t.match(findCondition(waiting.status?.conditions, "Ready"), { reason: "InUse" });
      await client.delete(VirtualMachineKind, inDefault("second"));
      await eventually("it is gone", () => isGone(server));
      t.same([await files(h1), await files(h2)], [[], []]);
    });
    t.equal(await server.end("SIGTERM"), 0, "it ends in good order");
  },
);

function volumeOf(name: string, size: string): Volume {
  const metadata = inDefault(name);
  return admit(VolumeKind, { apiVersion, kind: "Volume", metadata, spec: { size } });
}

/** Creates a machine that boots the tiny guest; the domain's name once its shell answers. */
async function createMachine(
  { client }: ServerProcess,
  name: string,
  disks: readonly unknown[],
  hostName?: string,
): Promise<string> {
  const kernelBoot = { kernel: "vmlinuz", initrd: "initrd", commandLine: `console=ttyS0 quiet host=${name}` };
  const spec = { cpus: 1, memory: "128Mi", kernelBoot, disks, terminationGracePeriodSeconds: 5 };
  const metadata = inDefault(name);
  const kind = "VirtualMachine";
  await client.create(VirtualMachineKind, admit(VirtualMachineKind, { apiVersion, kind, metadata, spec }));
  const vm = await eventually<VirtualMachine>(`${name} is Running`, async () => {
    const found = await client.get(VirtualMachineKind, metadata);
    return found.status?.printableStatus === "Running" ? found : undefined;
  });
  if (hostName !== undefined && vm.status?.hostName !== hostName) throw new Error(`not on ${hostName}`);
  return vm.status?.domain?.name ?? "";
}

async function disksOf({ client }: ServerProcess, name: string, disks: readonly unknown[]): Promise<void> {
  await client.patch(VirtualMachineKind, inDefault(name), { spec: { disks } });
}

async function cordon({ client }: ServerProcess, name: string, unschedulable: boolean): Promise<void> {
  await client.patch(HostKind, { name }, { spec: { unschedulable } });
}

/** The volume once it is in this phase. */
function volume({ client }: ServerProcess, phase: VolumeStatus["phase"]): Promise<Volume> {
  return eventually(
    `the volume is ${phase}`,
    async () => {
      const found = await client.get(VolumeKind, inDefault("data"));
      if (found.status?.phase === phase) return found;
      throw new Error(`${found.status?.phase}: ${JSON.stringify(found.status?.conditions)}`);
    },
    120_000,
  );
}

async function inGuest(
  host: LibvirtHost,
  domainName: string,
  command: string,
  shown: RegExp,
): Promise<string> {
  await eventually("the guest's shell answers", () => askConsole(host, domainName), 120_000);
  return eventually(`the console shows ${shown}`, async () => {
    const output = await runInGuest(host, domainName, command);
    if (output !== undefined && shown.test(output)) return output;
    throw new Error(output);
  });
}

async function domainId(host: LibvirtHost, domainName: string): Promise<string> {
  return (await host.exec(["virsh", "domid", domainName])).stdout.trim();
}

async function files(host: LibvirtHost): Promise<readonly string[]> {
  const { stdout } = await host.exec(["sh", "-c", "ls -a /var/lib/libvirt/images/ostler-*"]);
  return stdout.split("\n").filter((line) => line.includes("volume-"));
}

async function isGone({ client }: ServerProcess): Promise<true | undefined> {
  try {
    await client.get(VolumeKind, inDefault("data"));
    return undefined;
  } catch (error) {
    if (hasReason(error, "NotFound")) return true;
    throw error;
  }
}
