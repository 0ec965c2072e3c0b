/** Measures looking at a host with many domains: `node bench/libvirt-observe.ts [domains] [looks]`. */
import { systemRandom } from "../src/runtime/random.ts";
import { startLibvirtHost } from "../src/testing/libvirt-host.ts";
import { libvirtDriver, libvirtUri } from "../src/testing/libvirt-under-test.ts";

const domains = Number(process.argv[2] ?? 1000);
const looks = Number(process.argv[3] ?? 200);
const { signal } = new AbortController();
const clusterId = systemRandom.uuid();

const small = { accelerator: "test", cpus: 1, memoryBytes: 2 ** 20, disks: [], networks: [] } as const;

await using host = await startLibvirtHost();
await using link = await libvirtDriver().connect({ uri: libvirtUri(host, "test"), clusterId, signal });
await link.describe(signal);

const marks = Array.from({ length: domains }, (_, index) => {
  const name = `vm-${index}`;
  return { clusterId, namespace: "default", name, uid: systemRandom.uuid(), epoch: 1 };
});
await timed(`define and start ${domains} domains, 8 at a time`, domains, async () => {
  const queue = marks.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const mark of queue) {
        await link.defineDomain({ ...small, mark, domainName: mark.name }, signal);
        await link.startDomain(mark, signal);
      }
    }),
  );
});
await using newcomer = await libvirtDriver().connect({ uri: libvirtUri(host, "test"), clusterId, signal });
await timed("first look of a new connection", 1, () => newcomer.observe(signal));
await link.observe(signal);
for (let round = 0; round < 20; round += 1) await link.observe(signal);
const samples: number[] = [];
const cpu = process.cpuUsage();
for (let round = 0; round < looks; round += 1) {
  const begin = performance.now();
  await link.observe(signal);
  samples.push(performance.now() - begin);
}
const used = process.cpuUsage(cpu);
samples.sort((left, right) => left - right);
console.log(
  `look at ${domains} domains: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ` +
    `our CPU ${((used.user + used.system) / 1000 / looks).toFixed(1)} ms`,
);
await timed("look at one domain", 1000, async () => {
  for (let round = 0; round < 1000; round += 1)
    await link.observeDomain(marks[round % domains]?.uid ?? "", signal);
});

function at(share: number): string {
  return (samples[Math.floor(samples.length * share)] ?? Number.NaN).toFixed(1);
}

async function timed(what: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const begin = performance.now();
  await work();
  const tookMs = performance.now() - begin;
  console.log(`${what}: ${tookMs.toFixed(0)} ms, ${(tookMs / count).toFixed(2)} ms each`);
}
