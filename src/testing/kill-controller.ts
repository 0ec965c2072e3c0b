import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../runtime/clock.ts";
import { hasReason, messageOf } from "../runtime/errors.ts";
import { HostKind } from "../schema/host.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { KillLedger, valueLabel } from "./kill-ledger.ts";
import type { LibvirtHost } from "./libvirt-host.ts";
import { SeededRandom } from "./seeded-random.ts";
import { eventually, type ServerProcess, startServerProcess } from "./server-process.ts";

export interface KillControllerOptions {
  /** Empty: state is kept in it. */
  readonly directory: string;
  readonly hosts: readonly LibvirtHost[];
  readonly kills: number;
  readonly seed: number;
  /** After so many kills everything must come to rest, and hosts must have exactly what is wanted. */
  readonly restEvery: number;
  readonly say?: (line: string) => void;
}

/** What a kill loop has seen. `problems` is empty when nothing was lost, doubled or left over. */
export interface KillControllerReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** How often hosts were compared with what is wanted. */
  readonly rests: number;
  readonly problems: readonly string[];
}

const uri = "test+unix:///default";
const longestLifeMs = 2_000;
const machinesMost = 60;
const hands = 12;

/**
 * Kills the real `ostler serve`, again and again at random moments, while machines are made, edited and
 * removed on real libvirt hosts, and compares what was acknowledged with what is there afterwards.
 */
export async function killController(options: KillControllerOptions): Promise<KillControllerReport> {
  const { directory, hosts, kills, seed, restEvery, say = () => {} } = options;
  await mkdir(join(directory, "state"), { recursive: true });
  const random = new SeededRandom(seed);
  const ledger = new KillLedger();
  const problems: string[] = [];
  let rests = 0;
  for (let round = 1; round <= kills; round++) {
    await using server = await start(directory, hosts);
    const note = (problem: string): void => void problems.push(`kill ${round}: ${problem}`);
    const { items } = await server.client.list(VirtualMachineKind);
    for (const problem of ledger.compare(items)) note(problem);
    if (round % restEvery === 0 || round === kills) {
      rests += 1;
      for (const problem of await compareHosts(server, hosts)) note(problem);
      say(`${round} kills, ${ledger.acknowledged} writes acknowledged, ${problems.length} problems`);
    }
    const death = systemClock.sleep(random.next() * longestLifeMs).then(() => server.end("SIGKILL"));
    const work = Array.from({ length: hands }, (_, hand) =>
      keepBusy(server, ledger, random, `${round}-${hand}`),
    );
    await Promise.all([death, ...work]);
  }
  await using server = await start(directory, hosts);
  const { items } = await server.client.list(VirtualMachineKind);
  for (const problem of ledger.compare(items)) problems.push(`at the end: ${problem}`);
  for (const problem of await compareHosts(server, hosts)) problems.push(`at the end: ${problem}`);
  return { kills, acknowledged: ledger.acknowledged, rests: rests + 1, problems };
}

async function start(directory: string, hosts: readonly LibvirtHost[]): Promise<ServerProcess> {
  const args = hosts.flatMap(({ socketPath }, index) => ["--host", `h${index}=${uri}?socket=${socketPath}`]);
  const server = await startServerProcess({ directory, args });
  for (const index of hosts.keys()) await makeRoom(server, `h${index}`);
  return server;
}

/** The test driver's host is small; overcommitted, it holds what is made. */
async function makeRoom({ client }: ServerProcess, name: string): Promise<void> {
  const host = await client.get(HostKind, { name });
  if (host.spec.overcommit.cpu === 64) return;
  await client.patch(HostKind, { name }, { spec: { overcommit: { cpu: 64, memory: 16 } } });
}

/** One thing after another, until the server dies. */
async function keepBusy(
  { client }: ServerProcess,
  ledger: KillLedger,
  random: SeededRandom,
  tag: string,
): Promise<void> {
  for (let count = 0; ; count++) {
    const { wanted } = ledger;
    const chosen = wanted[Math.floor(random.next() * wanted.length)];
    const dice = random.next();
    try {
      if (chosen === undefined || (dice < 0.4 && wanted.length < machinesMost)) {
        const name = `vm-${tag}-${count}`;
        await ledger.write(name, (value) => client.create(VirtualMachineKind, machine(name, value)));
      } else if (dice < 0.7) await edit(client, ledger, chosen);
      else await ledger.remove(chosen, () => client.delete(VirtualMachineKind, keyOf(chosen)));
    } catch (error) {
      // Another hand was quicker, or the server refuses for the moment: all else is its death.
      if (!hasReason(error, "NotFound") && !hasReason(error, "Conflict")) return;
    }
  }
}

async function edit(client: ServerProcess["client"], ledger: KillLedger, name: string): Promise<void> {
  await ledger.write(name, (value) => {
    const labels = { [valueLabel]: String(value) };
    const spec = { terminationGracePeriodSeconds: value % 2 };
    return client.patch(VirtualMachineKind, keyOf(name), { metadata: { labels }, spec });
  });
}

function keyOf(name: string) {
  return { namespace: "default", name };
}

/** When everything has come to rest: what hosts have too much, too little or twice. */
async function compareHosts(
  server: ServerProcess,
  hosts: readonly LibvirtHost[],
): Promise<readonly string[]> {
  try {
    const machines = await eventually("every machine runs or is gone", async () => {
      const { items } = await server.client.list(VirtualMachineKind);
      const restless = items.find(
        ({ metadata, status }) =>
          metadata.deletionTimestamp !== undefined || status?.printableStatus !== "Running",
      );
      if (restless === undefined) return items;
      throw new Error(`${restless.metadata.name} is not: ${JSON.stringify(restless.status)}`);
    });
    const domains = (await Promise.all(hosts.map(domainsOf))).flat().toSorted();
    const volumes = (await Promise.all(hosts.map(volumesOf))).flat().toSorted();
    const wantedDomains = machines.map(({ status }) => status?.domain?.name ?? "none").toSorted();
    const wantedVolumes = machines.flatMap(({ status }) =>
      (status?.volumes ?? []).map(({ volume }) => volume),
    );
    return [
      ...differences("domain", wantedDomains, domains),
      ...differences("volume", wantedVolumes.toSorted(), volumes),
    ];
  } catch (error) {
    return [messageOf(error)];
  }
}

function differences(what: string, wanted: readonly string[], found: readonly string[]): readonly string[] {
  const missing = wanted.filter((name) => !found.includes(name)).map((name) => `${what} ${name} is missing`);
  const left = found.filter((name) => !wanted.includes(name)).map((name) => `${what} ${name} is left over`);
  const twice = found
    .filter((name, index) => found.indexOf(name) !== index)
    .map((name) => `${what} ${name} is there twice`);
  return [...missing, ...left, ...twice];
}

function machine(name: string, value: number): VirtualMachine {
  return {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: "default", labels: { [valueLabel]: String(value) } },
    spec: {
      runStrategy: "Always",
      cpus: 1,
      memory: "8Mi",
      disks: [{ name: "data", size: "1Mi", bus: "virtio" }],
      networks: [],
      terminationGracePeriodSeconds: 0,
    },
  };
}

async function domainsOf(host: LibvirtHost): Promise<readonly string[]> {
  const { stdout } = await host.exec(["virsh", "-c", uri, "list", "--all", "--name"]);
  return stdout.split("\n").filter((name) => name !== "" && name !== "test");
}

async function volumesOf(host: LibvirtHost): Promise<readonly string[]> {
  const { stdout: pools } = await host.exec(["virsh", "-c", uri, "pool-list", "--name"]);
  const names = pools.split("\n").map((line) => line.trim());
  const pool = names.find((name) => name.startsWith("ostler-"));
  const { stdout } = await host.exec(["virsh", "-c", uri, "vol-list", pool ?? "none"]);
  const lines = stdout.split("\n").slice(2);
  return lines.map((line) => line.trim().split(/\s+/)[0] ?? "").filter((name) => name !== "");
}
