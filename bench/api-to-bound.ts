// How fast machines that are created over the API are placed, as a watching client sees it: one server process
// with hosts in memory, one client process (this one) with 32 creates under way over TLS. The clock runs from the
// first POST until the watch has shown the last machine with a host. Starting them on their hosts goes on
// meanwhile, and is timed apart. Each server gets two waves of machines: the first meets code that V8 has not compiled
// yet, the second shows what a machine costs a controller that has been up for a while. Usage: node bench/api-to-bound.ts [MACHINES] [ROUNDS] [HOSTS...]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "../src/api/client.ts";
import { HostKind } from "../src/schema/host.ts";
import { type VirtualMachine, VirtualMachineKind } from "../src/schema/virtual-machine.ts";
import { eventually, type ServerProcess, startServerProcess } from "../src/testing/server-process.ts";

const [machines = 5000, rounds = 3, ...hostCounts] = process.argv.slice(2).map(Number);
const concurrency = 32;
const waves = ["just started", "warm"] as const;

interface Sample {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the server, per machine, until the last was placed. */
  readonly cpuMs: number;
  /** Of this process, per machine. */
  readonly clientMs: number;
  /** Until the last machine was Running. */
  readonly runningPerSecond: number;
}

for (const hosts of hostCounts.length > 0 ? hostCounts : [100, 1000]) {
  const played: (readonly Sample[])[] = [];
  for (let round = 0; round < rounds; round++) played.push(await runRound(hosts));
  for (const [wave, when] of waves.entries()) {
    console.log(`${machines} machines, ${hosts} hosts, ${when}, median of ${rounds} rounds:`);
    report(played.flatMap((samples) => samples[wave] ?? []));
  }
}

function report(samples: readonly Sample[]): void {
  const show = (name: string, of: (sample: Sample) => number, digits = 0): void => {
    const sorted = samples.map(of).sort((a, b) => a - b);
    const [low = 0, high = 0] = [sorted[0], sorted.at(-1)];
    const range = `${low.toFixed(digits)} to ${high.toFixed(digits)}`;
    console.log(`  ${name.padEnd(44)} ${(sorted[sorted.length >> 1] ?? 0).toFixed(digits)} (${range})`);
  };
  show("created, placed and seen, per second", (sample) => sample.perSecond);
  show("from POST to seen placed, p50 ms", (sample) => sample.p50, 1);
  show("from POST to seen placed, p99 ms", (sample) => sample.p99, 1);
  show("server CPU, ms each", (sample) => sample.cpuMs, 2);
  show("client CPU, ms each", (sample) => sample.clientMs, 2);
  show("created and Running, per second", (sample) => sample.runningPerSecond);
}

async function runRound(hosts: number): Promise<readonly Sample[]> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  await using server = await startServerProcess({ directory, args: ["--fake-hosts", String(hosts)] });
  try {
    await eventually("all hosts are Ready", async () => {
      const { items } = await server.client.list(HostKind);
      return items.filter(isReady).length === hosts || undefined;
    });
    const samples: Sample[] = [];
    for (const wave of waves.keys()) samples.push(await runWave(server, `vm-${wave}`));
    return samples;
  } finally {
    await server.end("SIGTERM");
    await rm(directory, { recursive: true });
  }
}

async function runWave(server: ServerProcess, prefix: string): Promise<Sample> {
  const { client } = server;
  const posted = new Map<string, number>();
  const { metadata } = await client.list(VirtualMachineKind);
  const { placed, running } = watchMachines(client, posted, metadata.resourceVersion);
  const [cpu, ownCpu] = [await server.cpuMs(), process.cpuUsage()];
  const start = performance.now();
  await createAll(client, prefix, posted);
  const { at, latencies } = await placed;
  const cpuMs = (await server.cpuMs()) - cpu;
  const { user, system } = process.cpuUsage(ownCpu);
  const runningAt = await running;
  latencies.sort((a, b) => a - b);
  return {
    perSecond: (machines * 1000) / (at - start),
    p50: latencies[machines >> 1] ?? Number.NaN,
    p99: latencies[Math.floor(machines * 0.99)] ?? Number.NaN,
    cpuMs: cpuMs / machines,
    clientMs: (user + system) / 1000 / machines,
    runningPerSecond: (machines * 1000) / (runningAt - start),
  };
}

async function createAll(client: Client, prefix: string, posted: Map<string, number>): Promise<void> {
  const queue = Array.from({ length: machines }, (_, index) => machine(`${prefix}-${index}`)).values();
  const work = async (): Promise<void> => {
    for (const vm of queue) {
      posted.set(vm.metadata.name, performance.now());
      await client.create(VirtualMachineKind, vm);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

/** One watch; when it has seen the last machine placed, and when the last one running. */
function watchMachines(client: Client, posted: ReadonlyMap<string, number>, since: string) {
  const placed = Promise.withResolvers<{ readonly at: number; readonly latencies: number[] }>();
  const running = Promise.withResolvers<number>();
  const follow = async (): Promise<void> => {
    const [seen, latencies, run] = [new Set<string>(), [] as number[], new Set<string>()];
    const { signal } = new AbortController();
    for await (const { object } of client.watch(VirtualMachineKind, { since, signal })) {
      const { name } = object.metadata;
      if (!posted.has(name)) continue;
      const at = performance.now();
      if (object.status?.hostName !== undefined && !seen.has(name)) {
        seen.add(name);
        latencies.push(at - (posted.get(name) ?? Number.NaN));
        if (seen.size === machines) placed.resolve({ at, latencies });
      }
      if (object.status?.printableStatus === "Running") run.add(name);
      if (run.size === machines) return running.resolve(at);
    }
  };
  follow().catch((error: unknown) => {
    placed.reject(error);
    running.reject(error);
  });
  return { placed: placed.promise, running: running.promise };
}

function isReady({ status }: { readonly status?: { readonly conditions?: readonly Word[] } }): boolean {
  return status?.conditions?.some(({ type, status: word }) => type === "Ready" && word === "True") === true;
}

interface Word {
  readonly type: string;
  readonly status: string;
}

function machine(name: string): VirtualMachine {
  return {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: "default", labels: { app: "bench" } },
    spec: {
      runStrategy: "Always",
      cpus: 1,
      memory: "2Gi",
      disks: [],
      networks: [],
      terminationGracePeriodSeconds: 30,
    },
  };
}
