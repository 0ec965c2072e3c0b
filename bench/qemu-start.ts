// What the controller adds to a real start of QEMU: from the POST of a machine until a watch has seen it Ready,
// beside libvirt's own define and create of the same domain, on one private libvirtd, in turns. One by one, then
// all at once. The guests have no disk: their firmware finds nothing to boot. Needs root.
// Usage: node bench/qemu-start.ts [GUESTS] [ROUNDS]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "../src/api/client.ts";
import type { DomainDefinition } from "../src/drivers/driver.ts";
import { writeDomain } from "../src/drivers/libvirt/domain-xml.ts";
import { LibvirtClient } from "../src/drivers/libvirt/rpc/libvirt-client.ts";
import { domainCalls } from "../src/drivers/libvirt/rpc/procedures-domain.ts";
import { connectUnix } from "../src/drivers/libvirt/transport/unix.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { HostKind } from "../src/schema/host.ts";
import { type VirtualMachine, VirtualMachineKind } from "../src/schema/virtual-machine.ts";
import { blankMachine } from "../src/testing/blank-machine.ts";
import { startLibvirtHost } from "../src/testing/libvirt-host.ts";
import { eventually, startServerProcess } from "../src/testing/server-process.ts";

const guests = Number(process.argv[2] ?? 8);
const rounds = Number(process.argv[3] ?? 5);
const profile = { architecture: "x86_64", poolPath: "/nowhere", libvirtVersion: 9_000_000 };
const memoryBytes = 64 * 2 ** 20;

/** Starts a guest, and resolves when it is known to run. */
type Start = (name: string) => Promise<void>;

await using host = await startLibvirtHost();
const clients = await Promise.all(Array.from({ length: 8 }, () => openClient(host.socketPath)));
const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
const uri = `qemu+unix:///system?socket=${host.socketPath}`;
await using server = await startServerProcess({ directory, args: ["--host", `lab=${uri}`] });
const { client } = server;
try {
  await eventually("the host is Ready", async () => {
    const { status } = await client.get(HostKind, { name: "lab" });
    return (
      status?.conditions?.some(({ type, status: word }) => type === "Ready" && word === "True") || undefined
    );
  });
  const ready = watchReady(client);
  const startOurs: Start = async (name) => {
    const seen = ready(name);
    await client.create(VirtualMachineKind, machine(name));
    await seen;
  };
  const oneByOne = { bare: [] as number[], ours: [] as number[] };
  const together = { bare: [] as number[], ours: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    const names = Array.from({ length: guests }, (_, index) => `guest-${round + 1}-${index}`);
    for (const sample of [...names.map((name) => [name]), names]) {
      const bare = await timeAll(sample, startBare);
      await removeBare(sample);
      const ours = await timeAll(sample, startOurs);
      await removeOurs(sample);
      if (round < 0) continue; // The first round warms both up.
      const times = sample.length === 1 ? oneByOne : together;
      times.bare.push(bare);
      times.ours.push(ours);
    }
  }
  report(`one by one, ${guests} guests`, oneByOne);
  report(`${guests} guests at once`, together);
} finally {
  await server.end("SIGTERM");
  await Promise.all(clients.map((each) => each.close()));
  await rm(directory, { recursive: true });
}

async function openClient(path: string): Promise<LibvirtClient> {
  return LibvirtClient.open(await connectUnix([path]), { driverUri: "qemu:///system", clock: systemClock });
}

async function startBare(name: string): Promise<void> {
  const connection = clients[Number(name.split("-")[2]) % clients.length];
  if (connection === undefined) throw new Error("no connection");
  const xml = writeDomain(definition(name), profile);
  const { domain } = await connection.call(domainCalls.defineXml, { xml, flags: 0 });
  await connection.call(domainCalls.create, { domain, flags: 0 });
}

async function removeBare(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const domain = { name, uuid: uuidOf(name), id: -1 };
    await clients[0]?.call(domainCalls.destroy, { domain, flags: 0 });
    await clients[0]?.call(domainCalls.undefine, { domain, flags: 0 });
  }
}

async function removeOurs(names: readonly string[]): Promise<void> {
  for (const name of names) await client.delete(VirtualMachineKind, { namespace: "default", name });
  await eventually("all machines are gone", async () => {
    const { items } = await client.list(VirtualMachineKind);
    return items.length === 0 || undefined;
  });
}

async function timeAll(names: readonly string[], start: Start): Promise<number> {
  const began = performance.now();
  await Promise.all(names.map(start));
  return performance.now() - began;
}

/** One watch for all: a function that says when a machine has been seen Ready. */
function watchReady(from: Client): (name: string) => Promise<void> {
  const waiting = new Map<string, () => void>();
  const follow = async (): Promise<void> => {
    for await (const { object } of from.watch(VirtualMachineKind, { signal: new AbortController().signal })) {
      const isReady = object.status?.conditions?.some(
        ({ type, status }) => type === "Ready" && status === "True",
      );
      if (isReady) waiting.get(object.metadata.name)?.();
    }
  };
  follow().catch(() => undefined); // it ends with the server
  return (name) => new Promise((resolve) => waiting.set(name, resolve));
}

/** The difference is the median of the pairs': neighbours in time meet the same weather. */
function report(name: string, { bare, ours }: { readonly bare: number[]; readonly ours: number[] }): void {
  const more = median(ours.map((time, pair) => time / (bare[pair] ?? Number.NaN) - 1)) * 100;
  const times = `libvirt ${median(bare).toFixed(0)} ms, ostler ${median(ours).toFixed(0)} ms`;
  console.log(`${name}: ${times}; ${more.toFixed(1)} % more (goal 5 %)`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function machine(name: string): VirtualMachine {
  return blankMachine(name, { memory: "64Mi", disks: [] });
}

function definition(name: string): DomainDefinition {
  const clusterId = "00000000-0000-4000-8000-000000000000";
  return {
    mark: { clusterId, namespace: "default", name, uid: uuidOf(name), epoch: 1 },
    domainName: name,
    accelerator: "qemu",
    cpus: 1,
    memoryBytes,
    disks: [],
    networks: [],
  };
}

function uuidOf(name: string): string {
  const [, round = "", index = ""] = name.split("-");
  return `${round.padStart(8, "0")}-0000-4000-8000-${index.padStart(12, "0")}`;
}
