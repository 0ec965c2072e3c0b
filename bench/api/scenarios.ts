// The parts that bench/api.ts measures with.
import type { Request } from "./connection.ts";
import type { Tally } from "./load.ts";
import type { Client, Measured } from "./processes.ts";
import * as requests from "./requests.ts";

export interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the server, for each request. */
  readonly cpuUs: number;
  readonly tally: Tally;
}

export interface LoadOptions {
  readonly request: Request;
  readonly connections: number;
  readonly count: number;
}

/** So many requests over so many connections; throws unless all are done. */
export async function load(server: Measured, client: Client, options: LoadOptions): Promise<Load> {
  const job = await client.begin({ type: "load", target: server.target, ...options });
  const cpu = await server.cpuMs();
  const tally = await job.tally;
  const cpuMs = (await server.cpuMs()) - cpu;
  const bad = Object.keys(tally.ms).filter((code) => Number(code) >= 300);
  if (bad.length > 0) throw new Error(`${options.request.path} was answered with ${bad.join(", ")}`);
  return {
    perSecond: tally.count / tally.seconds,
    ...percentiles(tally.ms[200] ?? tally.ms[201]),
    cpuUs: (cpuMs * 1000) / tally.count,
    tally,
  };
}

export function percentiles(sorted: Float64Array = new Float64Array()): {
  readonly p50: number;
  readonly p99: number;
} {
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

export interface FanOut {
  readonly p50: number;
  readonly p99: number;
  /** Of the server, for each event that was seen, with its share of the write. */
  readonly cpuUs: number;
}

export interface FanOutOptions {
  readonly watchers: number;
  readonly seconds: number;
  /** The machine that is written, `touched` when absent. */
  readonly name?: string;
  /** So many on one connection of HTTP/2, as client-go has them; each on its own of HTTP/1.1 when absent. */
  readonly perConnection?: number | undefined;
  readonly perSecond?: number;
  /** As many more watchers, which take nothing. */
  readonly stalled?: number;
  /** Ten times a second a machine of 200 KB changes too, so that buffers fill. */
  readonly fat?: boolean;
}

/** Twenty writes a second, seen by so many watchers of the collection; throws unless all see all of them. */
export async function fanOut(server: Measured, client: Client, options: FanOutOptions): Promise<FanOut> {
  const { target } = server;
  const { watchers, seconds, perConnection, perSecond = 20, stalled = 0 } = options;
  const collection = { target, request: requests.list };
  const idle = await client.begin({ ...collection, type: "watch", watchers: stalled, stalled });
  const watching = await client.begin(
    perConnection === undefined
      ? { ...collection, type: "watch", watchers, stalled: 0 }
      : { ...collection, type: "inform", watchers, perConnection },
  );
  const cpu = await server.cpuMs();
  const request = requests.touch(options.name ?? "touched");
  const fattening = { type: "pace", target, perSecond: 10, request: requests.fatten("fat") } as const;
  const others = options.fat ? await client.begin(fattening) : undefined;
  const writer = await client.begin({ type: "pace", target, perSecond, request });
  await pause(seconds * 1000);
  const written = await writer.stop();
  await pause(300);
  const cpuMs = (await server.cpuMs()) - cpu;
  const seen = await watching.stop();
  await idle.stop();
  await others?.stop();
  const expected = written.count * watchers;
  if (seen.count !== expected) throw new Error(`${seen.count} events were seen, not ${expected}`);
  return { ...percentiles(seen.ms[200]), cpuUs: (cpuMs * 1000) / seen.count };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
