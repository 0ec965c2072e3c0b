// How fast a folder of manifests becomes running machines on libvirt's test driver, beside the two calls that a
// machine takes made bare over the same client with the same XML, and beside a shell loop of virsh. All on one
// private libvirtd, in turns. Then what the controller costs when nothing happens. Needs root.
// Usage: node bench/converge.ts [MACHINES] [ROUNDS]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "../src/api/client.ts";
import type { DomainDefinition } from "../src/drivers/driver.ts";
import { writeDomain } from "../src/drivers/libvirt/domain-xml.ts";
import { LibvirtClient } from "../src/drivers/libvirt/rpc/libvirt-client.ts";
import { connectCalls } from "../src/drivers/libvirt/rpc/procedures-connect.ts";
import { domainCalls } from "../src/drivers/libvirt/rpc/procedures-domain.ts";
import { connectUnix } from "../src/drivers/libvirt/transport/unix.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { HostKind } from "../src/schema/host.ts";
import { VirtualMachineKind } from "../src/schema/virtual-machine.ts";
import { type LibvirtHost, startLibvirtHost } from "../src/testing/libvirt-host.ts";
import { eventually, type ServerProcess, startServerProcess } from "../src/testing/server-process.ts";

const machines = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 3);
const files = 10;
const shellMachines = 60;
const profile = { architecture: "i686", poolPath: "/nowhere", libvirtVersion: 9_000_000 };
const clusterId = "00000000-0000-4000-8000-000000000000";

interface Sample {
  readonly perSecond: number;
  /** Of our process alone, per machine. */
  readonly cpuMs?: number;
}

const none: Sample = { perSecond: Number.NaN };

await using host = await startLibvirtHost();
// The test driver forgets everything when its last connection closes.
await using keeper = await LibvirtClient.open(await connectUnix([host.socketPath]), {
  driverUri: "test:///default",
  clock: systemClock,
  maxInFlight: 64,
});
const bare: Sample[] = [];
const cold: Sample[] = [];
const warm: Sample[] = [];
const shell: Sample[] = [];
for (let round = 0; round < rounds; round++) {
  bare.push(await runBare(round));
  shell.push(await runShell(host, round));
  const [first, second] = await runOurs(host, round === rounds - 1);
  cold.push(first);
  warm.push(second);
}
print("bare calls", bare);
print("virsh loop", shell);
print("ostler, cold", cold);
print("ostler, warm", warm);
for (const [name, ours] of [
  ["cold", cold],
  ["warm", warm],
] as const) {
  console.log(`${name}: ${ratio(ours, bare).toFixed(2)} of the bare calls (goal 0.65),`);
  console.log(`      ${ratio(ours, shell).toFixed(1)} times the virsh loop (goal 15)`);
}

/** Define and create, 64 at a time, then everything undone. */
async function runBare(round: number): Promise<Sample> {
  const started = performance.now();
  const loop = async (first: number): Promise<void> => {
    for (let index = first; index < machines; index += 64) {
      const xml = writeDomain(definition(round, index), profile);
      const { domain } = await keeper.call(domainCalls.defineXml, { xml, flags: 0 });
      await keeper.call(domainCalls.create, { domain, flags: 0 });
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, first) => loop(first)));
  const seconds = (performance.now() - started) / 1000;
  await removeAll();
  return { perSecond: machines / seconds };
}

/** One virsh process per call, as a script would do it. */
async function runShell(on: LibvirtHost, round: number): Promise<Sample> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  const uri = `test+unix:///default?socket=${on.socketPath}`;
  for (let index = 0; index < shellMachines; index++) {
    const xml = writeDomain(definition(round, index), profile);
    await writeFile(join(directory, `${index}.xml`), xml);
  }
  const script = `for i in $(seq 0 ${shellMachines - 1}); do
    virsh -q -c '${uri}' define ${directory}/$i.xml; virsh -q -c '${uri}' start "bench-${round}-$i"; done`;
  const started = performance.now();
  await once(spawn("sh", ["-c", script], { stdio: ["ignore", "ignore", "inherit"] }), "close");
  const seconds = (performance.now() - started) / 1000;
  await rm(directory, { recursive: true });
  await removeAll();
  return { perSecond: shellMachines / seconds };
}

/**
 * A whole server: the folder arrives, and the clock stops when a watch has seen the last machine Ready. Four times:
 * the first just started, the last with compiled code, which is how a controller spends its life.
 */
async function runOurs(on: LibvirtHost, last: boolean): Promise<readonly [cold: Sample, warm: Sample]> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  const manifests = join(directory, "manifests");
  await mkdir(manifests);
  await writeFile(join(manifests, "host.yaml"), hostManifest(on));
  await using server = await startServerProcess({ directory, manifests: true });
  try {
    await eventually("the host is Ready", async () => {
      const { items } = await server.client.list(HostKind);
      return items.some((host) => isReady(host.status)) || undefined;
    });
    const samples: Sample[] = [];
    for (const name of ["cold", "second", "third", "warm"]) {
      samples.push(await runFolder(server, directory, name));
      if (name === "warm") break;
      await rm(join(manifests, name), { recursive: true });
      await removeMachines(server);
    }
    if (last) await printIdle(server);
    const [cold = none, warm = none] = [samples[0], samples.at(-1)];
    return [cold, warm];
  } finally {
    await server.end("SIGTERM");
    await rm(directory, { recursive: true });
    await removeAll();
  }
}

async function runFolder(server: ServerProcess, directory: string, name: string): Promise<Sample> {
  await writeFolder(join(directory, name));
  await systemClock.sleep(500); // the files must have come to rest
  const cpu = await server.cpuMs();
  const started = performance.now();
  await rename(join(directory, name), join(directory, "manifests", name));
  await untilReady(server.client);
  const seconds = (performance.now() - started) / 1000;
  return { perSecond: machines / seconds, cpuMs: ((await server.cpuMs()) - cpu) / machines };
}

/** Their manifests are gone already; so many at once are not pruned unasked. */
async function removeMachines({ client }: ServerProcess): Promise<void> {
  const { items } = await client.list(VirtualMachineKind);
  const queue = items.values();
  const work = async (): Promise<void> => {
    for (const { metadata } of queue) await client.delete(VirtualMachineKind, metadata);
  };
  await Promise.all(Array.from({ length: 16 }, work));
  await eventually("all machines are gone", async () => {
    const left = await client.list(VirtualMachineKind);
    return left.items.length === 0 || undefined;
  });
}

async function printIdle({ client, cpuMs, residentBytes }: ServerProcess): Promise<void> {
  // Until what the burst has left is collected, and what is done now and then is compiled.
  await systemClock.sleep(80_000);
  const before = { cpu: await cpuMs(), revision: await revision(client) };
  await systemClock.sleep(60_000);
  const cpu = (await cpuMs()) - before.cpu;
  const writes = (await revision(client)) - before.revision;
  console.log(
    `idle for 60 s with ${machines} machines: ${(cpu / 600).toFixed(2)} % of a core, ${writes} store writes`,
  );
  console.log(`resident: ${Math.round((await residentBytes()) / 2 ** 20)} MB`);
}

async function untilReady(client: Client): Promise<void> {
  const ready = new Set<string>();
  const query = { fieldSelector: "status.printableStatus=Running", signal: new AbortController().signal };
  for await (const { object } of client.watch(VirtualMachineKind, query)) {
    if (isReady(object.status)) ready.add(object.metadata.name);
    if (ready.size === machines) return;
  }
}

function isReady(
  status: { readonly conditions?: readonly { type: string; status: string }[] } | undefined,
): boolean {
  return status?.conditions?.some(({ type, status: word }) => type === "Ready" && word === "True") === true;
}

async function writeFolder(path: string): Promise<void> {
  await mkdir(path);
  const texts = Array.from({ length: files }, (): string[] => []);
  for (let index = 0; index < machines; index++) texts[index % files]?.push(machineManifest(index));
  await Promise.all(texts.map((text, file) => writeFile(join(path, `${file}.yaml`), text.join("---\n"))));
}

function machineManifest(index: number): string {
  return `apiVersion: ostler.dev/v1
kind: VirtualMachine
metadata:
  name: vm-${index}
  labels:
    app: bench
spec:
  cpus: 1
  memory: 8Mi
`;
}

/** The test driver's host is small; overcommitted, it holds a thousand machines of the least size. */
function hostManifest(on: LibvirtHost): string {
  return `apiVersion: ostler.dev/v1
kind: Host
metadata:
  name: test
spec:
  uri: test+unix:///default?socket=${on.socketPath}
  overcommit:
    cpu: 64
    memory: 16
`;
}

function definition(round: number, index: number): DomainDefinition {
  const uid = `${String(round).padStart(8, "0")}-0000-4000-8000-${String(index).padStart(12, "0")}`;
  return {
    mark: { clusterId, namespace: "default", name: `vm-${index}`, uid, epoch: 1 },
    domainName: `bench-${round}-${index}`,
    accelerator: "test",
    cpus: 1,
    memoryBytes: 8 * 2 ** 20,
    disks: [],
    networks: [],
  };
}

async function removeAll(): Promise<void> {
  const { domains } = await keeper.call(connectCalls.listAllDomains, { needResults: 1, flags: 0 });
  for (const domain of domains.filter(({ name }) => name !== "test")) {
    await keeper.call(domainCalls.destroy, { domain, flags: 0 }).catch(() => undefined);
    await keeper.call(domainCalls.undefine, { domain, flags: 0 });
  }
}

async function revision(client: Client): Promise<number> {
  return Number((await client.list(HostKind)).metadata.resourceVersion);
}

function print(name: string, samples: readonly Sample[]): void {
  const rates = samples.map(({ perSecond }) => perSecond.toFixed(0)).join(", ");
  const cpu = samples.map(({ cpuMs: each }) => each?.toFixed(2)).filter((text) => text !== undefined);
  console.log(
    `${name.padEnd(14)} ${rates} per second${cpu.length > 0 ? `; ${cpu.join(", ")} ms CPU each` : ""}`,
  );
}

/** The median of the rounds' ratios: neighbours in time meet the same weather. */
function ratio(a: readonly Sample[], b: readonly Sample[]): number {
  const ratios = a.map(({ perSecond }, round) => perSecond / (b[round]?.perSecond ?? Number.NaN));
  return ratios.toSorted((x, y) => x - y)[rounds >> 1] ?? Number.NaN;
}
