// How fast machines that are created over the API are placed, as a watching client sees it: one `ostler serve` with
// hosts in memory, 32 TLS connections with a create under way on each, one watch, all of these in a process of their
// own. The clock and the count of the server's CPU time run from the first POST until the watch has shown the last
// machine Running. Each server gets four waves of machines: the first meets code that V8 has not compiled yet, the
// last shows what a machine costs a controller that has been up for a while.
// How slow the machine is meanwhile is measured beside it: see Yardstick.
// Usage: node bench/api-to-bound.ts [MACHINES] [ROUNDS] [HOSTS...]

import { Yardstick } from "../src/testing/yardstick.ts";
import { Client, startWhole } from "./api/processes.ts";
import * as requests from "./api/requests.ts";
import { percentiles } from "./api/scenarios.ts";

const [machines = 3000, rounds = 3, ...hostCounts] = process.argv.slice(2).map(Number);
const connections = 32;
const waves = ["just started", "second wave", "third wave", "fourth wave"] as const;

interface Sample {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the server and of the clients, per machine. */
  readonly cpuMs: number;
  readonly clientMs: number;
  /** See Yardstick. */
  readonly slowness: number;
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
  show("created, placed, Running and seen, per second", (sample) => sample.perSecond);
  show("from POST to seen placed, p50 ms", (sample) => sample.p50, 1);
  show("from POST to seen placed, p99 ms", (sample) => sample.p99, 1);
  show("server CPU, ms each", (sample) => sample.cpuMs, 2);
  show("client CPU, ms each", (sample) => sample.clientMs, 2);
  show("as slow as the goals' machine, times", (sample) => sample.slowness, 2);
  show("at its speed: per second", (sample) => sample.perSecond * sample.slowness);
  show("at its speed: p50 ms", (sample) => sample.p50 / sample.slowness, 1);
  show("at its speed: server CPU, ms each", (sample) => sample.cpuMs / sample.slowness, 2);
}

async function runRound(hosts: number): Promise<readonly Sample[]> {
  await using server = await startWhole(hosts);
  await using client = new Client();
  await using yardstick = await Yardstick.start();
  const { target } = server;
  const samples: Sample[] = [];
  for (const wave of waves.keys()) {
    const texts = ['"hostName":"', '"printableStatus":"Running"'];
    const watch = await client.begin({
      type: "seen",
      target,
      request: requests.list,
      texts,
      objects: machines,
    });
    await yardstick.read();
    const cpu = await server.cpuMs();
    const request = requests.createTiny(`vm-${wave}`);
    const creating = await client.begin({ type: "load", target, request, connections, count: machines });
    const created = await creating.tally;
    const seen = await watch.tally;
    const cpuMs = (await server.cpuMs()) - cpu;
    const slowness = await yardstick.read();
    const refused = Object.keys(created.ms).filter((code) => code !== "201");
    if (refused.length > 0) throw new Error(`creates were answered with ${refused.join(", ")}`);
    samples.push({
      perSecond: machines / seen.seconds,
      ...percentiles(seen.ms[0]),
      cpuMs: cpuMs / machines,
      clientMs: seen.cpuMs / machines,
      slowness,
    });
  }
  return samples;
}
