// How fast a folder of manifests becomes running machines on libvirt's test driver, beside the two calls that a
// machine takes made bare over the same client with the same XML, and beside a shell loop of virsh. The calls alone
// have a private libvirtd of their own, so that the server does not hear of them. They are made twice: four in flight,
// as whoever works on a connection may have (with five the daemon of a default setting stops reading it, keepalive
// too), and 64, which nobody should, but which is the most that the daemon does. First the folder that meets a server
// just started, then some to let V8 compile, then ROUNDS pairs of calls and folder in turns, which is how a controller
// spends its life. Then what the controller costs when nothing happens. Needs root.
// Usage: node bench/converge.ts [MACHINES] [ROUNDS]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "../src/api/client.ts";
import { readKubeconfig } from "../src/cli/kubeconfig.ts";
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
import { Yardstick } from "../src/testing/yardstick.ts";
import { Connection } from "./api/connection.ts";

const machines = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 5);
/** Folders before those that are measured. */
const warmUps = 8;
const files = 10;
const shellMachines = 60;
const profile = { architecture: "i686", poolPath: "/nowhere", libvirtVersion: 9_000_000 };
const clusterId = "00000000-0000-4000-8000-000000000000";

/** Machines per second of the bare calls and of a server, one right after the other. */
interface Pair {
  readonly bare: number;
  /** The same with 64 in flight. */
  readonly crowded: number;
  readonly ours: number;
  /** Of the server's process, per machine. */
  readonly cpuMs: number;
  /** See Yardstick. */
  readonly slowness: number;
}

await using yardstick = await Yardstick.start();
await using host = await startLibvirtHost();
await using bareHost = await startLibvirtHost({ name: "bare" });
// The test driver forgets everything when its last connection closes.
await using _keeper = await openTestDriver(host, 4);
await using bareClient = await openTestDriver(bareHost, 4);
await using crowdedClient = await openTestDriver(bareHost, 64);

const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
const manifests = join(directory, "manifests");
await mkdir(manifests);
await writeFile(join(manifests, "host.yaml"), hostManifest(host));
try {
  await using server = await startServerProcess({ directory, manifests: true });
  await eventually("the host is Ready", async () => {
    const { items } = await server.client.list(HostKind);
    return items.some(({ status }) => status?.conditions?.some(isReady)) || undefined;
  });
  const shell = await runShell(bareHost);
  report("just started", [await runPair(server)], shell);
  for (let count = 0; count < warmUps; count++) await runFolder(server);
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) pairs.push(await runPair(server));
  report("after a while", pairs, shell);
  await reportIdle(server);
} finally {
  await rm(directory, { recursive: true });
}

async function openTestDriver({ socketPath }: LibvirtHost, maxInFlight: number): Promise<LibvirtClient> {
  const transport = await connectUnix([socketPath]);
  return LibvirtClient.open(transport, { driverUri: "test:///default", clock: systemClock, maxInFlight });
}

/** Neighbours in time meet the same weather. */
async function runPair(server: ServerProcess): Promise<Pair> {
  await yardstick.read();
  const crowded = await runBare(crowdedClient);
  const bare = await runBare(bareClient);
  const ours = await runFolder(server);
  return { ...ours, bare, crowded, slowness: await yardstick.read() };
}

/** Define and create, 64 machines at a time, then everything undone. */
async function runBare(client: LibvirtClient): Promise<number> {
  const started = performance.now();
  const loop = async (first: number): Promise<void> => {
    for (let index = first; index < machines; index += 64) {
      const xml = writeDomain(definition(index), profile);
      const { domain } = await client.call(domainCalls.defineXml, { xml, flags: 0 });
      await client.call(domainCalls.create, { domain, flags: 0 });
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, first) => loop(first)));
  const seconds = (performance.now() - started) / 1000;
  await removeDomains();
  return machines / seconds;
}

/** One virsh process per call, as a script would do it. Machines per second. */
async function runShell(on: LibvirtHost): Promise<number> {
  const uri = `test+unix:///default?socket=${on.socketPath}`;
  for (let index = 0; index < shellMachines; index++) {
    await writeFile(join(directory, `${index}.xml`), writeDomain(definition(index), profile));
  }
  const script = `for i in $(seq 0 ${shellMachines - 1}); do
    virsh -q -c '${uri}' define ${directory}/$i.xml; virsh -q -c '${uri}' start "bench-$i"; done`;
  const started = performance.now();
  await once(spawn("sh", ["-c", script], { stdio: ["ignore", "ignore", "inherit"] }), "close");
  const seconds = (performance.now() - started) / 1000;
  await removeDomains();
  return shellMachines / seconds;
}

/** After the machines of the one before have gone, a folder arrives; the clock stops when all machines are Ready. */
async function runFolder(server: ServerProcess): Promise<Pick<Pair, "ours" | "cpuMs">> {
  const [made, folder] = [join(directory, "made"), join(manifests, "folder")];
  await rm(folder, { recursive: true, force: true });
  await removeMachines(server.client);
  await writeFolder(made);
  await systemClock.sleep(500); // the files must have come to rest
  const { allReady } = await watchMachines();
  const cpu = await server.cpuMs();
  const started = performance.now();
  await rename(made, folder);
  await allReady;
  const seconds = (performance.now() - started) / 1000;
  return { ours: machines / seconds, cpuMs: ((await server.cpuMs()) - cpu) / machines };
}

/** Their manifests are gone already; so many at once are not pruned unasked. */
async function removeMachines(client: Client): Promise<void> {
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

/** Resolves when the watch is open. It is read as cheaply as can be: see Connection. */
async function watchMachines(): Promise<{ readonly allReady: Promise<void> }> {
  const { server, ca = "", token = "" } = await readKubeconfig(join(directory, "state", "kubeconfig"));
  const connection = await Connection.open({ port: Number(new URL(server).port), ca, token });
  const path =
    "/apis/ostler.dev/v1/virtualmachines?watch=true&fieldSelector=status.printableStatus%3DRunning";
  const open = Promise.withResolvers<void>();
  const all = Promise.withResolvers<void>();
  const ready = new Set<string>();
  let rest = "";
  const take = (chunk: Buffer): void => {
    open.resolve();
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const name = /"name":"(vm-\d+)"/.exec(line)?.[1];
      if (name !== undefined && line.includes('"type":"Ready","status":"True"')) ready.add(name);
    }
    if (ready.size === machines) all.resolve();
  };
  connection.stream({ method: "GET", path }, take, all.reject);
  await open.promise;
  return { allReady: all.promise.finally(() => connection.close()) };
}

async function reportIdle({ client, cpuMs, residentBytes }: ServerProcess): Promise<void> {
  // Until what the burst has left is collected, and what is done now and then is compiled.
  await systemClock.sleep(80_000);
  await yardstick.read();
  const before = { cpu: await cpuMs(), revision: await revision(client) };
  await systemClock.sleep(60_000);
  const percent = ((await cpuMs()) - before.cpu) / 600;
  const writes = (await revision(client)) - before.revision;
  const there = (percent / (await yardstick.read())).toFixed(2);
  console.log(`idle for 60 s with ${machines} machines: ${percent.toFixed(2)} % of a core (goal 1),`);
  console.log(`  ${there} % at the speed of the goals' machine; ${writes} store writes (goal 0)`);
  console.log(`resident: ${Math.round((await residentBytes()) / 2 ** 20)} MB (goal 180)`);
}

function isReady({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === "Ready" && status === "True";
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

function definition(index: number): DomainDefinition {
  const uid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
  return {
    mark: { clusterId, namespace: "default", name: `vm-${index}`, uid, epoch: 1 },
    domainName: `bench-${index}`,
    accelerator: "test",
    cpus: 1,
    memoryBytes: 8 * 2 ** 20,
    disks: [],
    networks: [],
  };
}

async function removeDomains(): Promise<void> {
  const { domains } = await bareClient.call(connectCalls.listAllDomains, { needResults: 1, flags: 0 });
  for (const domain of domains.filter(({ name }) => name !== "test")) {
    await bareClient.call(domainCalls.destroy, { domain, flags: 0 }).catch(() => undefined);
    await bareClient.call(domainCalls.undefine, { domain, flags: 0 });
  }
}

async function revision(client: Client): Promise<number> {
  return Number((await client.list(HostKind)).metadata.resourceVersion);
}

function report(when: string, pairs: readonly Pair[], shell: number): void {
  const show = (of: (pair: Pair) => number, digits: number): string => {
    const sorted = pairs.map(of).toSorted((a, b) => a - b);
    const [low = 0, high = 0] = [sorted[0], sorted.at(-1)];
    const middle = sorted[sorted.length >> 1] ?? Number.NaN;
    return `${middle.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
  };
  console.log(`${when}, ${pairs.length} in turns:`);
  console.log(
    `  machines per second   ${show(({ ours }) => ours, 0)}, ${show(({ cpuMs }) => cpuMs, 2)} ms CPU each`,
  );
  console.log(`  bare calls, 4 at once ${show(({ bare }) => bare, 0)}`);
  console.log(`  bare calls, 64        ${show(({ crowded }) => crowded, 0)}`);
  console.log(`  of the bare calls     ${show(({ ours, bare }) => ours / bare, 2)} (goal 0.65)`);
  console.log(`  of those of 64        ${show(({ ours, crowded }) => ours / crowded, 2)}`);
  console.log(`  of a loop of virsh    ${show(({ ours }) => ours / shell, 1)} (goal 15)`);
  console.log(`  CPU, goals' machine   ${show(({ slowness }) => slowness, 2)} times as much`);
}
