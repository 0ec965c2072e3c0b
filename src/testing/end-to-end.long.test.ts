import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { findCondition, isTrue } from "../schema/conditions.ts";
import { EventKind } from "../schema/event.ts";
import { HostKind } from "../schema/host.ts";
import { SourceKind } from "../schema/source.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { askConsole } from "./guest-console.ts";
import { type LibvirtHost, libvirtAvailable, startLibvirtHost } from "./libvirt-host.ts";
import { eventually, type ServerProcess, startServerProcess } from "./server-process.ts";
import { buildTinyGuest, tinyGuestAvailable } from "./tiny-guest.ts";

const missing = [libvirtAvailable(), tinyGuestAvailable()].find(({ available }) => !available);
const root = join(import.meta.dirname, "../..");

t.test(
  "a manifest becomes a machine that answers on its console; broken, it is mended; removed, it is gone",
  { skip: missing?.reason ?? false, timeout: 300_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-e2e-"));
    t.teardown(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, "manifests"));
    await mkdir(join(directory, "state/images/guest"), { recursive: true });
    const guest = await buildTinyGuest();
    await copyFile(guest.kernel, join(directory, "state/images/guest/vmlinuz"));
    await copyFile(guest.initrd, join(directory, "state/images/guest/initrd.gz"));
    await using host = await startLibvirtHost();
    const uri = `qemu+unix:///system?socket=${host.socketPath}`;
    await using server = await startServerProcess({
      directory,
      manifests: true,
      args: ["--host", `lab=${uri}`, "--resync-seconds", "2"],
    });
    await eventually("the host is Ready", async () => {
      const { status } = await server.client.get(HostKind, { name: "lab" });
      return isTrue(status?.conditions, "Ready") || undefined;
    });
    await place(
      directory,
      "instance-types.yaml",
      await readFile(join(root, "docs/examples/instance-types.yaml"), "utf8"),
    );
    const hello = await readFile(join(root, "docs/examples/hello.yaml"), "utf8");
    await place(
      directory,
      "hello.yaml",
      hello.replaceAll("/var/lib/ostler", join(directory, "state/images")),
    );
    const vm = await running(server, () => true);
    const name = vm.status?.domain?.name ?? "";
    const uid = vm.metadata.uid ?? "";

    await t.test("it answers on its serial console", async (t) => {
      const answer = await eventually("the guest's shell answers", () => askConsole(host, name));
      t.match(answer, /answer-42/);
    });

    await t.test("its domain carries our mark, its disk stands in our pool", async (t) => {
      const mark = await host.exec(["virsh", "metadata", name, "https://ostler.dev/libvirt/v1"]);
      t.match(mark.stdout, new RegExp(`uid="${uid}"`));
      t.match(await volumes(host), [`vm-${uid}-data.qcow2`]);
    });

    await t.test("its QEMU is killed: it is started again", async (t) => {
      const [before] = await qemus(host, name);
      await host.exec(["kill", "-9", String(before)]);
      const after = await eventually("another QEMU runs", async () => {
        const [pid] = await qemus(host, name);
        return pid === before ? undefined : pid;
      });
      t.not(after, before);
      await running(server, ({ startedAt }) => startedAt !== undefined);
      const { items } = await server.client.list(EventKind, { namespace: "default" });
      t.ok(items.some(({ reason, involvedObject }) => reason === "Restarted" && involvedObject.uid === uid));
    });

    const breakages = [
      { title: "destroyed by hand, it is started", argv: ["virsh", "destroy", name] },
      { title: "paused by hand, it is resumed", argv: ["virsh", "suspend", name] },
      { title: "undefined while it runs, it is defined again", argv: ["virsh", "undefine", name] },
      {
        title: "given more CPUs by hand, it gets back its own",
        argv: ["virsh", "setvcpus", name, "2", "--config", "--maximum"],
      },
    ];
    for (const { title, argv } of breakages) {
      await t.test(title, async (t) => {
        const before = await server.client.get(VirtualMachineKind, { namespace: "default", name: "hello" });
        const result = await host.exec(argv);
        t.equal(result.code, 0, result.stderr);
        await eventually("libvirt has it as the spec says", async () => {
          const state = await host.exec(["virsh", "domstate", name]);
          const info = await host.exec(["virsh", "dominfo", name]);
          const cpus = await host.exec(["virsh", "vcpucount", name, "--maximum", "--config"]);
          const isRight = /running/.test(state.stdout) && /Persistent: +yes/.test(info.stdout);
          return (isRight && cpus.stdout.trim() === "1") || undefined;
        });
        const after = await running(server, () => true);
        t.equal(after.metadata.uid, before.metadata.uid);
        t.equal(after.metadata.generation, before.metadata.generation, "nobody touched the spec");
      });
    }

    await t.test("a guest on a network, or on its bridge, has an address", async (t) => {
      const xml =
        "<network><name>lab</name><bridge name='lab0'/><ip address='10.99.0.1' netmask='255.255.255.0'>" +
        "<dhcp><range start='10.99.0.10' end='10.99.0.20'/></dhcp></ip></network>";
      const script = "cat >/tmp/lab.xml && virsh net-define /tmp/lab.xml && virsh net-start lab";
      const network = await host.exec(["sh", "-c", script], { input: xml });
      t.equal(network.code, 0, network.stderr);
      const wires = { leased: "network: lab", bridged: "bridge: lab0" };
      for (const [name, wire] of Object.entries(wires)) {
        await place(directory, `${name}.yaml`, wired(name, wire));
      }
      for (const name of Object.keys(wires)) {
        const found = await eventually("an address is told", async () => {
          const { status } = await server.client.get(VirtualMachineKind, { namespace: "default", name });
          const [first] = status?.interfaces ?? [];
          return first?.ipAddress === undefined ? undefined : first;
        });
        const leases = await host.exec(["virsh", "net-dhcp-leases", "lab", "--mac", found.mac]);
        t.match(leases.stdout, new RegExp(` ${found.ipAddress}/24 `), `${name}: as libvirt says`);
        await rm(join(directory, `manifests/${name}.yaml`));
        await eventually("it is gone", () => isGone(server, name));
      }
    });

    await t.test("a foreign domain is counted and left alone", async (t) => {
      const before = await define(host, "foreign");
      await eventually("the host has seen it", async () => {
        const { status } = await server.client.get(HostKind, { name: "lab" });
        return status?.foreignDomains?.total === 1 || undefined;
      });
      t.equal((await host.exec(["virsh", "dumpxml", "foreign"])).stdout, before);
    });

    await t.test("a broken manifest changes nothing and is told with its line", async (t) => {
      await place(
        directory,
        "broken.yaml",
        "apiVersion: ostler.dev/v1\nkind: VirtualMachine\nmetadata: {name: x}\nspec: {cpu: 1}\n",
      );
      const problem = await eventually("the problem is told", async () => {
        const { status } = await server.client.get(SourceKind, { name: "manifests" });
        return status?.problems?.find(({ file }) => file === "broken.yaml");
      });
      t.match(problem, { path: "spec.cpu", line: 4 });
      await rm(join(directory, "manifests/broken.yaml"));
    });

    await t.test(
      "its manifest is removed: domain, disks and object are gone, and all else stays",
      async (t) => {
        await rm(join(directory, "manifests/hello.yaml"));
        await eventually("the object is gone", () => isGone(server));
        t.same((await host.exec(["virsh", "list", "--all", "--name"])).stdout.trim(), "foreign");
        t.same(await volumes(host), []);
        t.same(await qemus(host, name), []);
        const contentsAreGone = async () => {
          const { stdout } = await host.exec(["sh", "-c", "ls /var/lib/libvirt/images/ostler-*"]);
          return !/image-/.test(stdout) || undefined;
        };
        await eventually("unused image contents are gone", contentsAreGone, 120_000);
      },
    );
    t.equal(await server.end("SIGTERM"), 0, "it ends in good order");
  },
);

/** A machine like `hello`, with a network. */
function wired(name: string, wire: string): string {
  return `apiVersion: ostler.dev/v1
kind: VirtualMachine
metadata: {name: ${name}}
spec:
  cpus: 1
  memory: 128Mi
  kernelBoot: {kernel: hello-kernel, initrd: hello-initrd, commandLine: console=ttyS0 quiet host=${name}}
  networks: [{name: front, ${wire}}]
  terminationGracePeriodSeconds: 1
`;
}

/** As people should: written beside, then renamed into the folder. */
async function place(directory: string, name: string, text: string): Promise<void> {
  await writeFile(join(directory, name), text);
  await rename(join(directory, name), join(directory, "manifests", name));
}

type Status = NonNullable<VirtualMachine["status"]>;

function running(server: ServerProcess, isRight: (status: Status) => boolean): Promise<VirtualMachine> {
  return eventually("hello is Running", async () => {
    const vm = await server.client.get(VirtualMachineKind, { namespace: "default", name: "hello" });
    const { status } = vm;
    if (status?.printableStatus === "Running" && isRight(status)) return vm;
    throw new Error(`${status?.printableStatus}: ${findCondition(status?.conditions, "Ready")?.message}`);
  });
}

async function isGone({ client }: ServerProcess, name = "hello"): Promise<true | undefined> {
  try {
    await client.get(VirtualMachineKind, { namespace: "default", name });
    return undefined;
  } catch (error) {
    if (hasReason(error, "NotFound")) return true;
    throw error;
  }
}

async function qemus(host: LibvirtHost, name: string): Promise<readonly number[]> {
  const { stdout } = await host.exec(["pgrep", "-f", `qemu-system.*guest=${name}`]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

async function volumes(host: LibvirtHost): Promise<readonly string[]> {
  const { stdout } = await host.exec(["sh", "-c", "ls /var/lib/libvirt/images/ostler-*"]);
  return stdout.split("\n").filter((line) => line.startsWith("vm-"));
}

async function define(host: LibvirtHost, name: string): Promise<string> {
  const content = `<name>${name}</name><memory unit='MiB'>32</memory><os><type>hvm</type></os>`;
  const xml = `<domain type='qemu'>${content}</domain>`;
  await host.exec(["sh", "-c", `cat >/tmp/${name}.xml && virsh define /tmp/${name}.xml`], { input: xml });
  return (await host.exec(["virsh", "dumpxml", name])).stdout;
}
