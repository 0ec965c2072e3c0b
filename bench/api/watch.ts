// How soon those who watch hear of a write and what each event costs, in turns with a server that does nothing but send
// them as many bytes, without and with SQLite: what the machine takes at that moment.
import { loneSyncFloor } from "./floors.ts";
import { Client, type Measured, startServer } from "./processes.ts";
import * as requests from "./requests.ts";
import { type FanOut, fanOut, load } from "./scenarios.ts";
import { round, show } from "./show.ts";

const turns = 3;
const seconds = 7;

const goals: readonly (readonly [watchers: number, p50: number, cpuUs?: number])[] = [
  [1, 2],
  [10, 2],
  [100, 4.5, 30],
  [500, 11],
];

export async function watch(): Promise<void> {
  await using server = await startServer("api");
  await using floor = await startServer("floor");
  await using client = new Client();
  for (const name of ["touched", "fat"]) {
    const request = { ...requests.create(name), body: requests.machineText(name) };
    await load(server, client, { request, connections: 1, count: 1 });
  }
  await load(server, client, { request: requests.create("vm"), connections: 64, count: 3000 });
  // In a server that has been up for a while what so few writes run is compiled.
  await load(server, client, { request: requests.touch("touched"), connections: 1, count: 8000 });
  for (const warm of [server, floor])
    await fanOut(warm, client, { watchers: 50, seconds: 5, perSecond: 100 });
  for (const goal of goals) await besideBare(server, floor, client, goal);
  const disk = await loneSyncFloor();
  show("floor: 2 KiB made durable 20 times a second, p50", `${round(disk.p50, 1)} ms`);
  const fast = await fanOut(server, client, { watchers: 10, seconds: 5, perSecond: 200 });
  show("10 watchers, 200 writes/s", `${timesOf([fast])}`, fast.p50 <= 2, "p50 <= 2 ms");
  const held = await fanOut(server, client, { watchers: 1000, seconds: 10, perSecond: 5 });
  show("1000 watchers, 5 writes/s: all see all", timesOf([held]), true, "no gap");
  await besideStalled(server, client);
}

/** Twenty writes a second; where there are many watchers also as informers, ten on a connection of HTTP/2. */
async function besideBare(
  server: Measured,
  floor: Measured,
  client: Client,
  [watchers, p50, cpuUs = Number.POSITIVE_INFINITY]: (typeof goals)[number],
): Promise<void> {
  const seen: Record<"ours" | "bare" | "kept" | "informers", FanOut[]> = {
    ...{ ours: [], bare: [], kept: [], informers: [] },
  };
  for (let turn = 0; turn < turns; turn += 1) {
    seen.ours.push(await fanOut(server, client, { watchers, seconds }));
    seen.bare.push(await fanOut(floor, client, { watchers, seconds }));
    seen.kept.push(await fanOut(floor, client, { watchers, seconds, name: requests.durable }));
    if (watchers >= 100)
      seen.informers.push(await fanOut(server, client, { watchers, seconds, perConnection: 10 }));
  }
  const [p50s, cpus] = [spread(seen.ours, (one) => one.p50), spread(seen.ours, (one) => one.cpuUs)];
  const goal = `p50 <= ${p50} ms${cpuUs === Number.POSITIVE_INFINITY ? "" : `, <= ${cpuUs} us`}`;
  const isMet = p50s.middle <= p50 && cpus.middle <= cpuUs;
  show(`write sent to event seen, ${watchers} watchers, 20 writes/s`, timesOf(seen.ours), isMet, goal);
  if (seen.informers.length > 0)
    show("  as informers, ten on a connection of HTTP/2", timesOf(seen.informers));
  show("  floor: the same bytes written bare", timesOf(seen.bare));
  show("  floor: the same, once SQLite has them", timesOf(seen.kept));
}

/** Ten watchers, without and with ten more that take nothing, in turns: the middle p99 of each. */
async function besideStalled(server: Measured, client: Client): Promise<void> {
  const alone: FanOut[] = [];
  const beside: FanOut[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    // So many writes that a single pause does not make the p99.
    const options = { watchers: 10, seconds: 6, perSecond: 100, fat: true };
    alone.push(await fanOut(server, client, options));
    beside.push(await fanOut(server, client, { ...options, stalled: 10 }));
  }
  const [without, withThem] = [alone, beside].map((of) => spread(of, ({ p99 }) => p99).middle);
  const ratio = (withThem ?? Number.NaN) / (without ?? Number.NaN);
  const said = `${round(withThem ?? 0, 1)} to ${round(without ?? 0, 1)} ms = ${round(ratio, 2)}`;
  show("p99 beside 10 stalled watchers, to that alone", said, ratio <= 1.1, "<= 1.1");
}

function spread(
  rounds: readonly FanOut[],
  of: (round: FanOut) => number,
): { readonly least: number; readonly middle: number; readonly most: number } {
  const sorted = rounds.map(of).toSorted((a, b) => a - b);
  const [least = Number.NaN] = sorted;
  return { least, middle: sorted[sorted.length >> 1] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

/** The middle of several rounds, and between what they were. */
function timesOf(rounds: readonly FanOut[]): string {
  const shown = (of: (round: FanOut) => number, digits: number): string => {
    const { least, middle, most } = spread(rounds, of);
    return `${round(middle, digits)}${rounds.length > 1 ? ` (${round(least, digits)} to ${round(most, digits)})` : ""}`;
  };
  return `p50 ${shown(({ p50 }) => p50, 1)}, p99 ${shown(({ p99 }) => p99, 1)} ms, ${shown(({ cpuUs }) => cpuUs, 0)} us`;
}
