/**
 * Measures what hosts that hang cost the others: `node bench/hosts.ts [GOOD] [BAD] [SECONDS]`.
 *
 * Every host is a unix socket of its own, behind which a thread passes bytes on to one real libvirtd with its
 * test driver; those of bad hosts hang, each in its own phase. Sessions, pacing and driver are those of the
 * controller. Both rounds ask the same good hosts the same number of times.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { HandshakePacer } from "../src/reconciler/host/handshake-pacer.ts";
import { HostSession } from "../src/reconciler/host/host-session.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { silentLogger } from "../src/runtime/logger.ts";
import { systemRandom } from "../src/runtime/random.ts";
import { startLibvirtHost } from "../src/testing/libvirt-host.ts";
import { libvirtDriver } from "../src/testing/libvirt-under-test.ts";

const phases = [
  "never answers",
  "answers slowly",
  "hangs after the greeting",
  "drops at once",
  "is not there",
];
const slowMs = 2_000;
const greetingBytes = 400;
const callsPerSecond = 500;
const { signal } = new AbortController();
const clusterId = systemRandom.uuid();

interface Sockets {
  readonly directory: string;
  readonly target: string;
  readonly good: number;
  readonly bad: number;
}

if (isMainThread) await main();
else await serveSockets(workerData);

async function main(): Promise<void> {
  const [good = 150, bad = 50, seconds = 10] = process.argv.slice(2).map(Number);
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(directory, { recursive: true }));
  const daemonSettings = ["max_clients = 5000", "max_anonymous_clients = 1000"];
  const host = cleanup.use(await startLibvirtHost({ daemonSettings }));
  const sockets: Sockets = { directory, target: host.socketPath, good, bad };
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: sockets });
  await new Promise((resolve) => worker.once("message", resolve));
  cleanup.defer(async () => void (await worker.terminate()));
  console.log(`${good} hosts, then with ${bad} more of which each ${phases.join(", ")}; in turns`);
  for (const round of [1, 2]) {
    await measure(`round ${round}, good hosts alone`, names("good", good), [], seconds);
    await measure(`round ${round}, with bad ones`, names("good", good), names("bad", bad), seconds);
  }

  async function measure(what: string, goodNames: string[], badNames: string[], forSeconds: number) {
    const pacer = new HandshakePacer({ clock: systemClock, perSecond: 20, burst: 10 });
    const begin = performance.now();
    const all = interleave(goodNames, badNames).map((name) => openSession(directory, name, pacer));
    const sessions = all.filter((session) => session.hostName.startsWith("good"));
    while (sessions.some((session) => session.link.state !== "connected")) await systemClock.sleep(20);
    const connectedMs = performance.now() - begin;
    const latencies = await ask(sessions, forSeconds);
    const places = (share: number) => (latencies[Math.floor((latencies.length - 1) * share)] ?? 0).toFixed(1);
    console.log(
      `${what}: all good ones connected after ${(connectedMs / 1000).toFixed(1)} s; ` +
        `a call p50 ${places(0.5)} ms, p99 ${places(0.99)} ms, max ${places(1)} ms`,
    );
    await Promise.all(all.map((session) => session[Symbol.asyncDispose]()));
  }
}

function names(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index}`);
}

/** Bad hosts stand among the good ones, as in life. */
function interleave(goodNames: readonly string[], badNames: readonly string[]): readonly string[] {
  const step = badNames.length === 0 ? goodNames.length : Math.ceil(goodNames.length / badNames.length);
  return goodNames.flatMap((name, index) => {
    const bad = index % step === 0 ? badNames[index / step] : undefined;
    return bad === undefined ? [name] : [bad, name];
  });
}

function openSession(directory: string, hostName: string, pacer: HandshakePacer): HostSession {
  const nothing = (): void => undefined;
  const session = new HostSession({
    hostName,
    uri: `test+unix:///default?socket=${join(directory, hostName)}`,
    clusterId,
    driver: libvirtDriver(),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    pacer,
    resyncMs: 15_000,
    onSilence: nothing,
    onMachine: nothing,
    onMention: nothing,
    onHost: nothing,
  });
  session.start();
  return session;
}

/** Asks the hosts in turn at a steady rate; the milliseconds until each answer, sorted. */
async function ask(sessions: readonly HostSession[], seconds: number): Promise<readonly number[]> {
  const uid = systemRandom.uuid();
  const latencies: number[] = [];
  const calls: Promise<void>[] = [];
  const begin = performance.now();
  for (let number = 0; number < seconds * callsPerSecond; number++) {
    const dueMs = begin + (number * 1000) / callsPerSecond;
    if (dueMs > performance.now()) await systemClock.sleep(dueMs - performance.now());
    const session = sessions[number % sessions.length];
    if (session?.link.state !== "connected") throw new Error(`${session?.hostName} was lost`);
    const sentMs = performance.now();
    const answered = session.link.connection.observeDomain(uid, signal);
    calls.push(answered.then(() => void latencies.push(performance.now() - sentMs)));
  }
  await Promise.all(calls);
  return latencies.sort((a, b) => a - b);
}

/** The thread of the sockets: passes bytes on, or does not. */
async function serveSockets({ directory, target, good, bad }: Sockets): Promise<void> {
  const listen = (name: string, behave: (client: Socket) => void): Promise<void> =>
    new Promise((resolve) => createServer(behave).listen(join(directory, name), resolve));
  await Promise.all([
    ...names("good", good).map((name) => listen(name, (client) => passOn(client, connect(target)))),
    ...names("bad", bad).map((name, index) => {
      const phase = phases[index % phases.length];
      return phase === "is not there"
        ? undefined
        : listen(name, (client) => misbehave(client, target, phase));
    }),
  ]);
  parentPort?.postMessage("listening");
}

function passOn(client: Socket, daemon: Socket): void {
  for (const socket of [client, daemon]) socket.on("error", () => undefined);
  client.pipe(daemon);
  daemon.pipe(client);
  client.on("close", () => daemon.destroy());
  daemon.on("close", () => client.destroy());
}

function misbehave(client: Socket, target: string, phase: string | undefined): void {
  client.on("error", () => undefined);
  switch (phase) {
    case "drops at once":
      client.destroy();
      return;
    case "answers slowly":
      slowly(client, connect(target));
      return;
    case "hangs after the greeting":
      greet(client, connect(target));
      return;
    default:
      client.resume();
  }
}

function slowly(client: Socket, daemon: Socket): void {
  daemon.on("error", () => undefined);
  client.pipe(daemon);
  daemon.on("data", (chunk) => setTimeout(() => client.destroyed || client.write(chunk), slowMs));
  client.on("close", () => daemon.destroy());
}

function greet(client: Socket, daemon: Socket): void {
  let said = 0;
  daemon.on("error", () => undefined);
  client.pipe(daemon);
  daemon.on("data", (chunk) => {
    if (said < greetingBytes) client.write(chunk);
    said += chunk.length;
  });
  client.on("close", () => daemon.destroy());
}
