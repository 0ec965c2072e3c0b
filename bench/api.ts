// What the API costs and how soon it answers, over TLS and a durable store, with the clients in a process of their
// own: an API server without controllers, and for memory and growth the whole `ostler serve` with hosts in memory.
// Usage: node bench/api.ts [writes] [reads] [watch] [overload] [memory], all of them by default; ETCD=/path/to/etcd
import type { Client as ApiClient } from "../src/api/client.ts";
import { VirtualMachineKind } from "../src/schema/virtual-machine.ts";
import { describeSlowness, Yardstick } from "../src/testing/yardstick.ts";
import { etcdFloor, fdatasyncFloor } from "./api/floors.ts";
import { overload } from "./api/overload.ts";
import { Client, type Measured, startServer, startWhole } from "./api/processes.ts";
import * as requests from "./api/requests.ts";
import { load, pause, percentiles } from "./api/scenarios.ts";
import { round, show } from "./api/show.ts";
import { watch } from "./api/watch.ts";

const perCore = (cpuUs: number): string => `${round(cpuUs)} us CPU`;

async function writes(): Promise<void> {
  const disk = await fdatasyncFloor();
  show("floor: 2 KiB written and fdatasync, p50", `${round(disk.p50, 2)} ms`);
  await using server = await startServer("api");
  await using client = new Client();
  await load(server, client, { request: requests.create("warm"), connections: 64, count: 3000 });
  const one = await load(server, client, { request: requests.create("one"), connections: 1, count: 1000 });
  show("create, one after another, p50", `${round(one.p50, 2)} ms`, one.p50 <= 1, "<= 1 ms");
  const many = await load(server, client, {
    request: requests.create("many"),
    connections: 64,
    count: 10_000,
  });
  const rate = (perSecond: number, cpuUs: number): string => `${round(perSecond)}/s, ${perCore(cpuUs)}`;
  show("create, 64 clients", rate(many.perSecond, many.cpuUs), many.perSecond >= 3000, ">= 3,000/s");
  const status = { request: requests.patchStatus("many"), connections: 64, count: 10_000 };
  const patched = await load(server, client, status);
  show(
    "patch of a status, 64 clients",
    rate(patched.perSecond, patched.cpuUs),
    patched.perSecond >= 2400,
    ">= 2,400/s",
  );
  try {
    const applied = await load(server, client, {
      request: requests.apply("many"),
      connections: 64,
      count: 5000,
    });
    show("server-side apply, 64 clients", rate(applied.perSecond, applied.cpuUs));
  } catch (error) {
    show("server-side apply", `skipped: ${error instanceof Error ? error.message : error}`);
  }
  await using floor = await startServer("floor");
  const echo = { method: "POST", path: "/echo", body: requests.machineText("echo") };
  const echoed = await load(floor, client, { request: echo, connections: 64, count: 20_000 });
  show("floor: Fastify parses and answers as much, 64 clients", rate(echoed.perSecond, echoed.cpuUs));
  for (const [writers, count] of [
    [1, 1000],
    [64, 10_000],
  ] as const) {
    const etcd = await etcdFloor(writers, count);
    const what = `floor: etcd, put of 2 KiB, ${writers} at once`;
    if (etcd === undefined) show(what, "no etcd here");
    else show(what, `${round(etcd.perSecond)}/s, p50 ${round(etcd.p50, 2)} ms`);
  }
}

async function reads(): Promise<void> {
  await using server = await startServer("api");
  await using client = new Client();
  await using lister = new Client();
  const objects = 5000;
  await load(server, client, { request: requests.create("vm"), connections: 64, count: objects });
  const get = { request: requests.get("vm-7"), connections: 32, count: 30_000 };
  const warm = await load(server, client, { ...get, count: 10_000 });
  const got = await load(server, client, get);
  await using floor = await startServer("floor");
  const bytes = Math.round(warm.tally.bytes / warm.tally.count) - 230;
  const answer = { method: "GET", path: `/answer/${bytes}` };
  await load(floor, client, { ...get, request: answer, count: 10_000 });
  const bare = await load(floor, client, { ...get, request: answer });
  const speed = 1e6 / got.cpuUs;
  show("GET, per second and core", `${round(speed)}, ${perCore(got.cpuUs)}`, speed >= 8000, ">= 8,000");
  show("floor: Fastify answers as many bytes", `${round(1e6 / bare.cpuUs)}, ${perCore(bare.cpuUs)}`);
  show("GET beside the floor, in CPU", round(got.cpuUs / bare.cpuUs, 2));
  await load(server, lister, { request: requests.list, connections: 1, count: 5 });
  const listed = await load(server, lister, { request: requests.list, connections: 1, count: 20 });
  const each = listed.cpuUs / objects;
  show(`LIST of ${objects}, CPU for each object`, `${round(each, 1)} us`, each <= 10, "<= 10 us");
  show(
    "LIST, first byte and all, p50",
    `${round(percentiles(listed.tally.firstMs).p50)} ms, ${round(listed.p50)} ms`,
  );
  await besideLists(server, client, lister);
}

/** Eight clients that get one object after another, without and with lists going on, in turns. */
async function besideLists(server: Measured, client: Client, lister: Client): Promise<void> {
  const { target } = server;
  const pairs: { readonly alone: number; readonly beside: number }[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const get = {
      type: "load",
      target,
      request: requests.get("vm-7"),
      connections: 8,
      count: 1e9,
      seconds: 4,
    } as const;
    const alone = percentiles((await client.run(get)).ms[200]).p99;
    const listing = lister.run({ ...get, request: requests.list, connections: 1, seconds: 4.5 });
    const beside = percentiles((await client.run(get)).ms[200]).p99;
    await listing;
    pairs.push({ alone, beside });
  }
  const [, middle = { alone: 0, beside: 0 }] = pairs.sort((a, b) => a.beside / a.alone - b.beside / b.alone);
  const ratio = middle.beside / middle.alone;
  const seen = `${round(middle.beside, 1)} to ${round(middle.alone, 1)} ms = ${round(ratio, 2)}`;
  show("GET p99 beside lists of 5000, to that alone", seen, ratio <= 2, "<= 2");
}

async function memory(): Promise<void> {
  await using server = await startWhole(100);
  await using client = new Client();
  show("empty, 100 hosts", `${round(await server.residentMb())} MB`);
  const created = await load(server, client, {
    request: requests.createSmall("vm"),
    connections: 32,
    count: 5000,
  });
  show("5000 machines created meanwhile", `${round(created.perSecond)}/s`);
  await settle(server.api, 5000);
  show("5000 machines Running, at once", `${round(await server.residentMb())} MB`);
  await pause(30_000);
  const full = await server.residentMb();
  show("the same, half a minute later", `${round(full)} MB`, full <= 215, "<= 215 MB");
  await load(server, client, { request: requests.remove("vm"), connections: 32, count: 5000 });
  await settle(server.api, 0);
  const sizes: number[] = [];
  // What an idle server has given back is taken again by the first rounds: the sixth is the first that is like others.
  for (let turn = 0; turn < 13; turn += 1) {
    await load(server, client, { request: requests.createSmall("vm"), connections: 32, count: 1000 });
    await settle(server.api, 1000);
    await load(server, client, { request: requests.remove("vm"), connections: 32, count: 1000 });
    await settle(server.api, 0);
    sizes.push(await server.residentMb());
  }
  const growth = (sizes[12] ?? 0) / (sizes[5] ?? 1);
  show("1000 created and deleted: round 13 to round 6", round(growth, 2), growth <= 1.1, "<= 1.1");
}

/** Until so many machines are Running and there are no others. */
async function settle(api: ApiClient, count: number): Promise<void> {
  for (;;) {
    const { items } = await api.list(VirtualMachineKind);
    const running = items.filter(({ status }) => status?.printableStatus === "Running");
    if (running.length === count && items.length === count) return;
    await pause(500);
  }
}

const sections = { writes, reads, watch, overload, memory };
const chosen = process.argv.slice(2);
await using yardstick = await Yardstick.start();
for (const [name, run] of Object.entries(sections)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`${name}:`);
  await yardstick.read();
  await run();
  show("meanwhile this machine", describeSlowness(await yardstick.read()));
}
