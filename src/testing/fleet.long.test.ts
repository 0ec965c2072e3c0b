import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { findCondition } from "../schema/conditions.ts";
import { HostKind } from "../schema/host.ts";
import type { Condition } from "../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { blankMachine } from "./blank-machine.ts";
import { askConsole } from "./guest-console.ts";
import { GuestWatch } from "./lab/guest-watch.ts";
import { type Lab, labAvailable, startLab } from "./lab/lab.ts";
import { eventually, type ServerProcess, startServerProcess } from "./server-process.ts";
import { buildTinyGuest, tinyGuestAvailable } from "./tiny-guest.ts";

const missing = [labAvailable(), tinyGuestAvailable()].find(({ available }) => !available);
/** Long enough for a loaded machine; what takes this long has failed. */
const patienceMs = 120_000;

t.test("a fleet of three hosts", { skip: missing?.reason ?? false, timeout: 290_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-fleet-"));
  t.teardown(() => rm(directory, { recursive: true }));
  await prepareGuest(directory);
  const size = { cpus: 16, memoryMiB: 16_384 };
  await using lab = await startLab({ hardware: { h1: size, h2: size, h3: size } });
  await using watch = new GuestWatch(lab.hosts);
  const hosts = lab.hosts.flatMap((host) => ["--host", `${host.name}=${host.uri("ssh")}`]);
  const args = [...hosts, "--resync-seconds", "2"];
  await using server = await startServerProcess({ directory, manifests: true, args });
  const fleet = new Fleet(lab, server, watch);
  const [h1, h2, h3] = [lab.host("h1"), lab.host("h2"), lab.host("h3")];

  await t.test("six machines run, two on each, and the hosts say the same", async (t) => {
    // One that is not known yet, or tries out its accelerator, gets none.
    for (const { name } of lab.hosts) await fleet.hostTurns(name, "True");
    await place(directory, "fleet.yaml", manifest(directory));
    await fleet.allRun(6);
    for (const host of lab.hosts) t.equal(host.guests().size, 2, `on ${host.name}`);
    await fleet.agreesWithVirsh(t);
  });

  await t.test("one boots a kernel that was uploaded over SSH, and answers on its console", async (t) => {
    const { status } = await fleet.machine("hello");
    const answer = () => askConsole(lab.host(status?.hostName ?? ""), status?.domain?.name ?? "");
    t.match(await eventually("the guest's shell answers", answer), /answer-42/);
  });

  const before = await fleet.machines();
  await t.test("a host is cut off, another loses power: neither is Ready, and each says why", async (t) => {
    await Promise.all([h2.cut(), h3.powerOff()]);
    for (const name of ["h2", "h3"]) {
      const condition = await fleet.hostTurns(name, "False");
      t.match(condition.reason, /^(Timeout|NetworkUnreachable)$/);
      t.match(condition.message, /no answer for 15 s|EHOSTUNREACH|ETIMEDOUT/);
    }
  });

  await t.test("their machines are Unknown, not gone, and not started elsewhere", async (t) => {
    for (const { metadata, status } of before) {
      if (status?.hostName === "h1") continue;
      const now = await eventually(`${metadata.name} is Unknown`, async () => {
        const vm = await fleet.machine(metadata.name);
        return vm.status?.printableStatus === "Unknown" ? vm : undefined;
      });
      t.equal(now.status?.hostName, status?.hostName);
      t.equal(now.metadata.uid, metadata.uid);
    }
    t.equal(h2.guests().size, 2, "those of the host that was cut off run");
  });

  await t.test("machines on the third host are not touched, and new ones go there", async (t) => {
    for (const { metadata, status } of before) {
      if (status?.hostName === "h1") t.same((await fleet.machine(metadata.name)).status, status);
    }
    for (const name of ["late-1", "late-2"]) {
      await fleet.create(name);
      t.match(await fleet.runs(name), { hostName: "h1" });
    }
  });

  await t.test("healed, all is as it was: the same processes", async (t) => {
    await h2.heal();
    await fleet.hostTurns("h2", "True");
    await eventually("its machines are Running", async () => {
      const there = (await fleet.machines()).filter(({ status }) => status?.hostName === "h2");
      return there.every(({ status }) => status?.printableStatus === "Running") || undefined;
    });
    for (const vm of await fleet.machines()) {
      if (vm.status?.hostName !== "h3") t.equal(watch.runsOf(domainNameOf(vm)).length, 1, vm.metadata.name);
    }
  });

  await t.test("with power again, its machines run again, once each, with their disks", async (t) => {
    await h3.powerOn();
    await fleet.hostTurns("h3", "True");
    await fleet.allRun(8);
    for (const vm of await fleet.machines()) {
      const runs = watch.runsOf(domainNameOf(vm)).map(({ hostName }) => hostName);
      const { hostName = "" } = vm.status ?? {};
      t.same(runs, hostName === "h3" ? ["h3", "h3"] : [hostName], vm.metadata.name);
    }
    await fleet.agreesWithVirsh(t);
  });

  await t.test("a libvirtd hangs: machines on other hosts are made as fast as before", async (t) => {
    const free = await fleet.latencies("free", 8);
    await h1.freeze("libvirtd");
    const hung = await fleet.latencies("hung", 8, "h1");
    await h1.thaw("libvirtd");
    t.comment(`create to Running, ms: before ${summary(free)}, during ${summary(hung)}`);
    t.ok(quantile(hung, 0.5) < 4 * quantile(free, 0.5) + 2_000);
    const count = (await fleet.machines()).length;
    t.comment(`${count - 8 - 16} were placed on the host that hung, and waited`);
    await fleet.allRun(count);
    await fleet.agreesWithVirsh(t);
  });

  t.same(watch.twice, [], `never twice, in ${watch.looks} looks at all processes`);
  t.equal(await server.end("SIGTERM"), 0);
});

class Fleet {
  readonly #lab: Lab;
  readonly #server: ServerProcess;
  readonly #watch: GuestWatch;

  constructor(lab: Lab, server: ServerProcess, watch: GuestWatch) {
    this.#lab = lab;
    this.#server = server;
    this.#watch = watch;
  }

  async machines(): Promise<readonly VirtualMachine[]> {
    return (await this.#server.client.list(VirtualMachineKind)).items;
  }

  machine(name: string): Promise<VirtualMachine> {
    return this.#server.client.get(VirtualMachineKind, { namespace: "default", name });
  }

  async create(name: string): Promise<void> {
    await this.#server.client.create(VirtualMachineKind, blankMachine(name));
  }

  /** Waits until the machine is Running; returns its status. */
  runs(name: string): Promise<VirtualMachine["status"]> {
    const look = async () => {
      const { status } = await this.machine(name);
      return status?.printableStatus === "Running" ? status : undefined;
    };
    return eventually(`${name} is Running`, look, patienceMs);
  }

  /** Waits until that many machines are Running, each with a process where its status says. */
  async allRun(count: number): Promise<void> {
    const look = async () => {
      const machines = await this.machines();
      const idle = machines.filter((vm) => !this.#isRunning(vm));
      if (idle.length > 0) throw new Error(idle.map(describe).join("; "));
      return machines.length === count || undefined;
    };
    await eventually(`${count} machines run`, look, patienceMs);
  }

  /** Waits until the host's condition Ready has that status. */
  hostTurns(name: string, status: string): Promise<Condition> {
    const look = async () => {
      const host = await this.#server.client.get(HostKind, { name });
      const condition = findCondition(host.status?.conditions, "Ready");
      return condition?.status === status ? condition : undefined;
    };
    return eventually(`Ready of host ${name} is ${status}`, look, patienceMs);
  }

  /** Every host has exactly the domains that the machines' status tells of. */
  async agreesWithVirsh(t: Test): Promise<void> {
    const machines = await this.machines();
    for (const host of this.#lab.hosts) {
      const told = machines.filter(({ status }) => status?.hostName === host.name).map(domainNameOf);
      const seen = (await host.virsh("list", "--all", "--name")).trim().split("\n");
      t.same(seen.toSorted(), told.toSorted(), `domains on ${host.name}`);
      t.same([...host.guests().keys()].toSorted(), told.toSorted(), `processes on ${host.name}`);
    }
  }

  /** How long machines take from their creation until they run, one after another; not those on `except`. */
  async latencies(prefix: string, count: number, except?: string): Promise<readonly number[]> {
    const found: number[] = [];
    for (let index = 1; found.length < count; index++) {
      const began = performance.now();
      await this.create(`${prefix}-${index}`);
      const isThere = await eventually(`${prefix}-${index} runs`, async () => {
        const vm = await this.machine(`${prefix}-${index}`);
        if (vm.status?.hostName !== undefined && vm.status.hostName === except) return false;
        if (vm.status?.printableStatus === "Running") return true;
        throw new Error(describe(vm));
      });
      if (isThere) found.push(Math.round(performance.now() - began));
    }
    return found;
  }

  #isRunning({ status }: VirtualMachine): boolean {
    const { hostName, printableStatus, domain } = status ?? {};
    if (hostName === undefined || domain === undefined || printableStatus !== "Running") return false;
    return this.#lab.host(hostName).guests().has(domain.name) && this.#watch.runsOf(domain.name).length > 0;
  }
}

async function prepareGuest(directory: string): Promise<void> {
  const images = join(directory, "state/images/guest");
  await mkdir(join(directory, "manifests"));
  await mkdir(images, { recursive: true });
  const guest = await buildTinyGuest();
  await copyFile(guest.kernel, join(images, "vmlinuz"));
  await copyFile(guest.initrd, join(images, "initrd.gz"));
}

/** As people should: written beside, then renamed into the folder. */
async function place(directory: string, name: string, text: string): Promise<void> {
  await writeFile(join(directory, name), text);
  await rename(join(directory, name), join(directory, "manifests", name));
}

/** JSON is YAML. */
function manifest(directory: string): string {
  const image = (name: string, file: string) => ({
    apiVersion: "ostler.dev/v1",
    kind: "Image",
    metadata: { name },
    spec: { source: { file: join(directory, "state/images/guest", file) } },
  });
  const hello = blankMachine("hello");
  const commandLine = "console=ttyS0 quiet host=hello";
  const kernelBoot = { kernel: "kernel", initrd: "initrd", commandLine };
  const documents = [
    image("kernel", "vmlinuz"),
    image("initrd", "initrd.gz"),
    { ...hello, spec: { ...hello.spec, memory: "128Mi", kernelBoot } },
    ...["a", "b", "c", "d", "e"].map((name) => blankMachine(`blank-${name}`)),
  ];
  return documents.map((document) => JSON.stringify(document)).join("\n---\n");
}

function domainNameOf({ status }: VirtualMachine): string {
  return status?.domain?.name ?? "none";
}

function describe({ metadata, status }: VirtualMachine): string {
  const message = findCondition(status?.conditions, "Ready")?.message;
  return `${metadata.name} on ${status?.hostName}: ${status?.printableStatus}: ${message}`;
}

function summary(milliseconds: readonly number[]): string {
  return `p50 ${quantile(milliseconds, 0.5)}, p99 ${quantile(milliseconds, 0.99)}`;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
