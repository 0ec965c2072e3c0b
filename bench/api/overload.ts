// What ten times the clients do to the API, and what it does to them.
import { Client, type Measured, startServer } from "./processes.ts";
import * as requests from "./requests.ts";
import { createLease, renewLease } from "./requests.ts";
import { type Load, load, percentiles } from "./scenarios.ts";
import { round, show } from "./show.ts";

/** Ten times the clients: those that come back when they are told to, as kubectl does, and those that do not. */
export async function overload(): Promise<void> {
  await overloadBy("640 polite clients", true);
  await overloadBy("640 rude clients", false);
}

/** On a server of its own: what a flood leaves behind is no part of the next one. */
async function overloadBy(name: string, polite: boolean): Promise<void> {
  await using server = await startServer("api");
  await using client = new Client();
  await using other = new Client();
  await load(server, other, { request: createLease, connections: 1, count: 1 });
  await load(server, client, { request: requests.create("warm"), connections: 64, count: 5000 });
  const creates = { request: requests.create("normal"), connections: 64, count: 5000 };
  const normal = await load(server, client, creates);
  show("64 clients", `${round(normal.perSecond)}/s, p50 ${round(normal.p50)}, p99 ${round(normal.p99)} ms`);
  await flood({ server, client, other, normal, name, polite });
}

interface Flood {
  readonly server: Measured;
  readonly client: Client;
  readonly other: Client;
  readonly normal: Load;
  readonly name: string;
  readonly polite: boolean;
}

async function flood({ server, client, other, normal, name, polite }: Flood): Promise<void> {
  const { target } = server;
  const request = requests.create(name.replaceAll(" ", "-"));
  const many = { connections: 640, count: 1e9, seconds: 10, polite };
  const flooding = await client.begin({ type: "load", target, request, ...many });
  const leases = await other.begin({ type: "pace", target, perSecond: 20, request: renewLease });
  const gets = await other.begin({ type: "pace", target, perSecond: 20, request: requests.get("warm-1") });
  let most = 0;
  const sample = async (): Promise<void> => {
    most = Math.max(most, await server.residentMb());
  };
  const sampling = setInterval(() => void sample(), 200);
  const { ms, seconds } = await flooding.tally;
  const ended = performance.now();
  clearInterval(sampling);
  const rate = (code: number): string => `${round((ms[code]?.length ?? 0) / seconds)}/s`;
  const [admitted, refused] = [percentiles(ms[201]), percentiles(ms[429])];
  const times = ({ p50, p99 }: { p50: number; p99: number }): string =>
    `p50 ${round(p50)}, p99 ${round(p99)} ms`;
  show(`${name}: admitted`, `${rate(201)}, ${times(admitted)}`, admitted.p99 <= 1000, "p99 <= 1 s");
  show("  refused with 429", `${rate(429)}, ${times(refused)}`, !(refused.p99 > 50), "within 50 ms");
  const strange = Object.keys(ms).filter((code) => code !== "201" && code !== "429");
  show("  answered with anything else", strange.join(", ") || "none", strange.length === 0, "none");
  show("  most memory", `${round(most)} MB`, most <= 1024, "<= 1 GiB");
  const renewed = percentiles((await leases.stop()).ms[200]);
  const read = percentiles((await gets.stop()).ms[200]);
  show("  meanwhile a Lease renewed, an object read, p99", `${round(renewed.p99)}, ${round(read.p99)} ms`);
  const back = await untilNormal({ server, client, other, normal, name, polite }, ended);
  show("  until creates are as quick as before", `${round(back, 1)} s`, back <= 10, "<= 10 s");
}

async function untilNormal({ server, client, normal, name }: Flood, since: number): Promise<number> {
  for (let turn = 0; turn < 50; turn += 1) {
    const request = requests.create(`${name.replaceAll(" ", "-")}-after${turn}`);
    const after = await load(server, client, { request, connections: 64, count: 500 });
    if (after.p99 <= normal.p99 * 1.5) return (performance.now() - since) / 1000;
  }
  return Number.POSITIVE_INFINITY;
}
