// How fast our libvirt client is beside libvirt's own: Python threads over libvirt.so, and virsh reading a batch.
// All of them speak to one private libvirtd, in turns, so that they meet the same weather. Needs root.
// Usage: node bench/libvirt-client.ts [ROUNDS]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { LibvirtClient } from "../src/drivers/libvirt/rpc/libvirt-client.ts";
import { connectCalls } from "../src/drivers/libvirt/rpc/procedures-connect.ts";
import { domainCalls } from "../src/drivers/libvirt/rpc/procedures-domain.ts";
import { NameTable } from "../src/drivers/libvirt/rpc/string-table.ts";
import { typedParams } from "../src/drivers/libvirt/rpc/types.ts";
import { XdrReader, XdrWriter } from "../src/drivers/libvirt/rpc/xdr.ts";
import { connectUnix } from "../src/drivers/libvirt/transport/unix.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { startLibvirtHost } from "../src/testing/libvirt-host.ts";

type Work = "version" | "lookup" | "cycle";

interface Sample {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

interface Contestant {
  readonly name: string;
  run(work: Work, inFlight: number, count: number): Promise<Sample>;
}

const rounds = Number(process.argv[2] ?? 7);
const cases: readonly (readonly [Work, number, number])[] = [
  ["version", 1, 3000],
  ["version", 16, 6000],
  ["version", 64, 6000],
  ["lookup", 1, 3000],
  ["lookup", 16, 6000],
  ["lookup", 64, 6000],
  ["cycle", 1, 400],
  ["cycle", 8, 800],
  ["cycle", 64, 800],
];

await using host = await startLibvirtHost();
const uri = `test+unix:///default?socket=${host.socketPath}`;
await using client = await LibvirtClient.open(await connectUnix([host.socketPath]), {
  driverUri: "test:///default",
  clock: systemClock,
  maxInFlight: 64,
});
const python = await startPython(uri);
const contestants: readonly Contestant[] = [{ name: "ours", run: ours }, python];

// A controller runs for weeks: what counts is compiled code.
for (const contestant of contestants) {
  for (const [work, inFlight, count] of cases) await contestant.run(work, inFlight, count * 2);
}
console.log(`${rounds} rounds in turns; median operations per second (client CPU µs each), median ratio\n`);
console.log("work     in flight                 ours               python    ours/python");
for (const [work, inFlight, count] of cases) {
  const samples = contestants.map((): Sample[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      samples[index]?.push(await contestant.run(work, inFlight, count));
    }
  }
  const medians = samples.map(median);
  const cells = medians.map(
    ({ perSecond, cpuMicros }) => `${perSecond.toFixed(0)} (${cpuMicros.toFixed(1)})`,
  );
  // Of neighbours in time: on a busy machine the weather changes from round to round.
  const ratios = samples[0]?.map(({ perSecond }, round) => perSecond / (samples[1]?.[round]?.perSecond ?? 1));
  const ratio = ratios?.toSorted((a, b) => a - b)[rounds >> 1] ?? 0;
  console.log(
    `${work.padEnd(8)} ${String(inFlight).padStart(9)} ${cells.map((cell) => cell.padStart(20)).join(" ")} ${ratio.toFixed(2).padStart(14)}`,
  );
}
const virsh = await virshCycles(300);
console.log(`cycle    virsh, one process, a batch on its input: ${virsh.toFixed(0)} per second`);
console.log(`\ndecoding 10,000 domains × 14 statistics: the loop is blocked for ${decodeStats()} ms`);
python.stop();

async function ours(work: Work, inFlight: number, count: number): Promise<Sample> {
  const once = { version, lookup, cycle }[work];
  const loop = async (first: number): Promise<void> => {
    for (let index = first; index < count; index += inFlight) await once(index);
  };
  const started = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: inFlight }, (_, first) => loop(first)));
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (count / (performance.now() - started)) * 1000, cpuMicros: (user + system) / count };
}

function version(): Promise<unknown> {
  return client.call(connectCalls.getLibVersion, {});
}

function lookup(): Promise<unknown> {
  return client.call(domainCalls.lookupByName, { name: "test" });
}

async function cycle(index: number): Promise<void> {
  const xml = domainXml(`ours-${index}`);
  const { domain } = await client.call(domainCalls.defineXml, { xml, flags: 0 });
  await client.call(domainCalls.create, { domain, flags: 0 });
  await client.call(domainCalls.destroy, { domain, flags: 0 });
  await client.call(domainCalls.undefine, { domain, flags: 0 });
}

function domainXml(name: string): string {
  return `<domain type='test'><name>${name}</name><memory unit='KiB'>1024</memory><os><type>hvm</type></os></domain>`;
}

async function startPython(target: string): Promise<Contestant & { stop(): void }> {
  const script = fileURLToPath(new URL("peers/libvirt-calls.py", import.meta.url));
  const child = spawn("/usr/bin/python3", [script, target], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    name: "python",
    stop: () => child.stdin.end(),
    async run(work, inFlight, count) {
      child.stdin.write(`${work} ${inFlight} ${count}\n`);
      const { value } = await lines.next();
      const [perSecond = 0, cpuMicros = 0] = String(value).split(" ").map(Number);
      return { perSecond, cpuMicros };
    },
  };
}

async function virshCycles(count: number): Promise<number> {
  const commands = Array.from({ length: count }, (_, index) => {
    const name = `virsh-${index}`;
    return `define ${host.directory}/${name}.xml\nstart ${name}\ndestroy ${name}\nundefine ${name}\n`;
  });
  const write = Array.from({ length: count }, (_, index) => domainXml(`virsh-${index}`)).join("\n");
  const split = `cd ${host.directory} && while read -r xml; do n=$((i++)); echo "$xml" > virsh-$n.xml; done`;
  await host.exec(["bash", "-c", `i=0; ${split}`], { input: `${write}\n` });
  const started = performance.now();
  const child = spawn("virsh", ["-q", "-c", uri], { stdio: ["pipe", "ignore", "inherit"] });
  child.stdin.end(commands.join(""));
  await once(child, "close");
  return (count / (performance.now() - started)) * 1000;
}

/** What a list of all statistics costs everyone else in this process: while it is decoded the loop stands still. */
function decodeStats(): string {
  const writer = new XdrWriter();
  writer.uint(10_000);
  for (let index = 0; index < 10_000; index++) writeRecord(writer, index);
  const bytes = writer.copy();
  const samples = Array.from({ length: 11 }, () => {
    const started = performance.now();
    const cpu = process.cpuUsage();
    const reader = new XdrReader(bytes, 0, bytes.length, new NameTable());
    const { records } = connectCalls.getAllDomainStats.result.read(reader);
    if (records.length !== 10_000) throw new Error("lost some");
    const { user, system } = process.cpuUsage(cpu);
    return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 };
  });
  const middle = (values: readonly number[]): string => (values.toSorted((a, b) => a - b)[5] ?? 0).toFixed(0);
  return `${middle(samples.map(({ wallMs }) => wallMs))} (CPU ${middle(samples.map(({ cpuMs }) => cpuMs))})`;
}

function writeRecord(writer: XdrWriter, index: number): void {
  writer.string(`machine-${index}`);
  writer.fixedOpaque(Buffer.alloc(16, index));
  writer.int(-1);
  const names = [
    "state.state",
    "state.reason",
    "cpu.time",
    "cpu.user",
    "cpu.system",
    "balloon.current",
    "balloon.maximum",
  ];
  const more = [
    "vcpu.current",
    "vcpu.maximum",
    "block.count",
    "block.0.name",
    "block.0.path",
    "block.0.capacity",
    "net.count",
  ];
  typedParams.write(
    writer,
    [...names, ...more].map((field) =>
      field.endsWith("name") || field.endsWith("path")
        ? { field, type: "string", value: `/var/lib/images/machine-${index}.qcow2` }
        : { field, type: "ullong", value: index * 1_000_003 },
    ),
  );
}

function median(samples: readonly Sample[]): Sample {
  const sorted = samples.toSorted((a, b) => a.perSecond - b.perSecond);
  return sorted[sorted.length >> 1] ?? { perSecond: 0, cpuMicros: 0 };
}
