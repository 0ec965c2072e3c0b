// How fast a folder of manifests becomes running machines on libvirt's test driver, beside the two calls that a
// machine takes made bare over the same client with the same XML, and beside a shell loop of virsh. All on one
// private libvirtd, in turns. Then what the controller costs when nothing happens. Needs root.
// Usage: node bench/converge.ts [MACHINES] [ROUNDS]
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "../src/api/client.ts";
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

await using host = await startLibvirtHost();
// The test driver forgets everything when its last connection closes.
await using keeper = await LibvirtClient.open(await connectUnix([host.socketPath]), {
  driverUri: "test:///default",
  clock: systemClock,
  maxInFlight: 64,
});
const bare: Sample[] = [];
const ours: Sample[] = [];
const shell: Sample[] = [];
for (let round = 0; round < rounds; round++) {
  bare.push(await runBare(round));
  shell.push(await runShell(host, round));
  ours.push(await runOurs(host, round === rounds - 1));
}
print("bare calls", bare);
print("virsh loop", shell);
print("ostler", ours);
console.log(`ostler / bare  ${ratio(ours, bare).toFixed(2)}   (goal 0.65)`);
console.log(`ostler / virsh ${ratio(ours, shell).toFixed(1)}   (goal 15)`);

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

/** A whole server: the folder arrives, and the clock stops when a watch has seen the last machine Ready. */
async function runOurs(on: LibvirtHost, last: boolean): Promise<Sample> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  const manifests = join(directory, "manifests");
  await mkdir(manifests);
  await writeFile(join(manifests, "host.yaml"), hostManifest(on));
  const server = await startServer(directory, manifests);
  try {
    await using client = new Client(await readKubeconfig(join(directory, "state", "kubeconfig")));
    await until(async () => (await client.list(HostKind, {})).items.some((item) => isReady(item.status)));
    await writeFolder(join(directory, "machines"));
    await systemClock.sleep(500); // the files must have come to rest
    const cpu = await cpuMs(server);
    const started = performance.now();
    await rename(join(directory, "machines"), join(manifests, "machines"));
    await untilReady(client);
    const seconds = (performance.now() - started) / 1000;
    const sample = { perSecond: machines / seconds, cpuMs: ((await cpuMs(server)) - cpu) / machines };
    if (last) await printIdle(server, client);
    return sample;
  } finally {
    server.kill("SIGTERM");
    await once(server, "close");
    await rm(directory, { recursive: true });
    await removeAll();
  }
}

async function printIdle(server: ChildProcess, client: Client): Promise<void> {
  await systemClock.sleep(20_000);
  const before = { cpu: await cpuMs(server), revision: await revision(client) };
  await systemClock.sleep(60_000);
  const cpu = (await cpuMs(server)) - before.cpu;
  const writes = (await revision(client)) - before.revision;
  console.log(
    `idle for 60 s with ${machines} machines: ${(cpu / 600).toFixed(2)} % of a core, ${writes} store writes`,
  );
  console.log(`resident: ${await residentMb(server)} MB`);
}

async function startServer(directory: string, manifests: string): Promise<ChildProcess> {
  const state = join(directory, "state");
  const main = fileURLToPath(new URL("../bin/ostler", import.meta.url));
  const args = ["serve", "--state-dir", state, "--manifests", manifests, "--listen", "127.0.0.1:0"];
  const server = spawn(main, [...args, "--log-level", "warn"], { stdio: ["ignore", "inherit", "inherit"] });
  await until(async () => (await readFile(join(state, "kubeconfig")).catch(() => undefined)) !== undefined);
  return server;
}

async function untilReady(client: Client): Promise<void> {
  const ready = new Set<string>();
  const done = new AbortController();
  for await (const { object } of client.watch(VirtualMachineKind, { signal: done.signal })) {
    if (object !== undefined && isReady(object.status)) ready.add(object.metadata.name);
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

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error("waited 60 s in vain");
    await systemClock.sleep(50);
  }
}

/** User and system time of a process so far, in milliseconds. */
async function cpuMs({ pid }: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function residentMb({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

async function revision(client: Client): Promise<number> {
  return Number((await client.list(HostKind, {})).metadata.resourceVersion);
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
