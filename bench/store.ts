// Measures durable writes against what the disk can do at best, on the same file system in the same run.
// Usage: node bench/store.ts [directory]
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/runtime/clock.ts";
import { systemRandom } from "../src/runtime/random.ts";
import { admit } from "../src/schema/admission.ts";
import type { Kind } from "../src/schema/kind.ts";
import type { Resource } from "../src/schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../src/schema/virtual-machine.ts";
import { ResourceStore } from "../src/store/resource-store.ts";
import { openSqliteLog } from "../src/store/sqlite-log.ts";

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), "ostler-bench-"));
const now = (): number => systemClock.monotonic();

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Latencies of `count` appends of 2 KiB, each followed by fdatasync. */
function measureDisk(count: number): number[] {
  const file = openSync(join(directory, "baseline"), "w");
  const block = Buffer.alloc(2048, "x");
  const latencies = Array.from({ length: count }, () => {
    const start = now();
    writeSync(file, block);
    fdatasyncSync(file);
    return now() - start;
  });
  closeSync(file);
  return latencies.sort((a, b) => a - b);
}

interface Run {
  readonly writers: number;
  readonly count: number;
  readonly validate: boolean;
}

async function measureCreates({ writers, count, validate }: Run) {
  const place = mkdtempSync(join(directory, "store-"));
  const log = await openSqliteLog({ directory: place, clock: systemClock, random: systemRandom });
  const store = await ResourceStore.open({
    log,
    clock: systemClock,
    random: systemRandom,
    admit: validate ? admit : identity,
  });
  let transactions = 0;
  await log.subscribe(0, () => {
    transactions += 1;
  });
  const latencies: number[] = [];
  let started = 0;
  const write = async (): Promise<void> => {
    while (started < count) {
      started += 1;
      const object = machine(`vm-${started}`);
      const start = now();
      await store.create(VirtualMachineKind, object);
      latencies.push(now() - start);
    }
  };
  const cpu = process.cpuUsage();
  const start = now();
  await Promise.all(Array.from({ length: writers }, write));
  const seconds = (now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  store[Symbol.dispose]();
  await log[Symbol.asyncDispose]();
  latencies.sort((a, b) => a - b);
  return {
    writers,
    "writes/s": Math.round(count / seconds),
    "p50 ms": percentile(latencies, 0.5).toFixed(3),
    "p99 ms": percentile(latencies, 0.99).toFixed(3),
    "writes/fsync": (count / transactions).toFixed(1),
    "cpu us/write": ((user + system) / count).toFixed(1),
  };
}

const identity = (_: Kind, resource: Resource): Resource => resource;

/** About 2 KiB as JSON, with every default given, so that validating adds nothing. */
function machine(name: string): VirtualMachine {
  const disks = ["root", "data", "logs", "scratch", "swap", "backup"].map((disk, index) => ({
    name: disk,
    image: "debian-12-generic-amd64-20260901",
    size: `${(index + 1) * 10}Gi`,
    bus: "virtio" as const,
  }));
  const networks = ["front", "back", "storage", "backup"].map((network, index) => ({
    name: network,
    network: `network-${network}`,
    model: "virtio" as const,
    macAddress: `52:54:00:00:00:0${index}`,
  }));
  const labels = { app: "bench", tier: "backend", team: "platform", "ostler.dev/pool": "general" };
  const annotations = { description: "a machine of the usual size; ".repeat(22) };
  return {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: "default", labels, annotations },
    spec: {
      runStrategy: "Always",
      cpus: 4,
      memory: "8Gi",
      disks,
      networks,
      terminationGracePeriodSeconds: 30,
    },
  };
}

try {
  const disk = measureDisk(2000);
  await measureCreates({ writers: 256, count: 10_000, validate: true });
  const rows = [];
  for (const validate of [false, true]) {
    for (const writers of [1, 64, 256]) {
      const count = writers === 1 ? 3000 : 40_000;
      rows.push({ admission: validate, ...(await measureCreates({ writers, count, validate })) });
    }
  }
  const [p50, p99] = [percentile(disk, 0.5), percentile(disk, 0.99)];
  console.log(
    `object: ${JSON.stringify(machine("vm-1")).length} bytes; ${directory}; node ${process.version}`,
  );
  console.log(`write + fdatasync of 2 KiB: p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`);
  console.table(rows);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
