import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type Http2Stream } from "node:http2";
import { createServer, type Socket, connect as tcpConnect } from "node:net";
import t from "tap";
import { admit } from "../schema/admission.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { type ApiFixture, machinesPath, portOf, smallMachine, startApi } from "../testing/api-fixture.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { eventually } from "../testing/server-process.ts";

const megabyte = 1024 * 1024;
/** More than a watcher may be behind, in quarters of a megabyte. */
const changes = 4 * 75;
const machine = admit(VirtualMachineKind, smallMachine);
const watchPath = `${machinesPath}?watch=true`;

interface Connection {
  readonly session: ClientHttp2Session;
  /** The server's end of it. */
  readonly socket: Socket;
}

async function connectionTo(api: ApiFixture, port = portOf(api.app)): Promise<Connection> {
  const accepted = once(api.app.server, "secureConnection");
  const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  session.on("error", () => undefined);
  // As Go does: a stream that is not read must not use up the window of its connection.
  session.once("connect", () => session.setLocalWindowSize(16 * megabyte));
  const [socket]: Socket[] = await accepted;
  if (socket === undefined) throw new Error("no connection");
  return { session, socket };
}

/** A watch of which nothing is read until the caller does, and the server's end of its stream. */
async function watchWithoutReading(
  api: ApiFixture,
  { session }: Connection,
): Promise<{ watch: ClientHttp2Stream; served: Http2Stream }> {
  const started = Promise.withResolvers<Http2Stream>();
  const streams = channel("http2.server.stream.start");
  const take = (message: unknown): void => {
    started.resolve((message as { stream: Http2Stream }).stream);
  };
  streams.subscribe(take);
  const watch = session.request({ ...api.headers, ":path": watchPath });
  watch.on("error", () => undefined).pause();
  await once(watch, "response");
  const served = await started.promise;
  streams.unsubscribe(take);
  return { watch, served };
}

/** Changes the machine so that a watcher is sent `count` quarters of a megabyte; waits for `readers`. */
async function change(api: ApiFixture, count: number, readers: readonly Reader[] = []): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const annotations = { n: String(n), big: "x".repeat(megabyte / 4) };
    const metadata = { ...machine.metadata, annotations };
    await api.store.update(VirtualMachineKind, { ...machine, metadata });
    if (n % 16 !== 0) continue;
    const seen = async () => readers.every(({ lines }) => lines.length > n) || undefined;
    await eventually("the change is seen", seen);
  }
}

interface Reader {
  /** Each without what makes it long. */
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
}

function read(watch: ClientHttp2Stream): Reader {
  const lines: string[] = [];
  let rest = "";
  watch.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = `${rest}${chunk}`.split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((line) => line.replace(/x{99,}/, "")));
  });
  watch.resume();
  return { lines, ended: once(watch, "close") };
}

/** Passes bytes on, until those of the server are no longer taken. */
async function relayTo(api: ApiFixture): Promise<AsyncDisposable & { port: number; stall: () => void }> {
  const sockets: Socket[] = [];
  const relay = createServer((near) => {
    const far = tcpConnect(portOf(api.app), "127.0.0.1");
    near.on("error", () => undefined).pipe(far.on("error", () => undefined));
    far.pipe(near);
    sockets.push(near, far);
  }).listen(0, "127.0.0.1");
  await once(relay, "listening");
  const address = relay.address();
  return {
    port: typeof address === "object" ? (address?.port ?? 0) : 0,
    stall: () => void sockets[1]?.unpipe().pause(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      relay.close();
      await once(relay, "close");
    },
  };
}

function get(api: ApiFixture, { session }: Connection): Promise<unknown> {
  const stream = session.request({ ...api.headers, ":path": "/healthz" });
  stream.resume();
  return once(stream, "response").then(([headers]) => headers[":status"]);
}

t.test("a stream that is not read harms nobody, also on its own connection, and is ended", async (t) => {
  await using api = await startApi({ listen: true, clock: new ManualClock() });
  const connection = await connectionTo(api);
  const { watch, served } = await watchWithoutReading(api, connection);
  const beside = await watchWithoutReading(api, connection);
  const elsewhere = await watchWithoutReading(api, await connectionTo(api));
  const readers = [read(beside.watch), read(elsewhere.watch)];
  await api.store.create(VirtualMachineKind, machine);
  await change(api, changes, readers);
  await eventually(
    "who keeps up misses nothing",
    async () => readers.every(({ lines }) => lines.length === changes + 1) || undefined,
  );
  t.ok(served.writableLength < 2 * megabyte, `${served.writableLength} bytes wait to be sent`);
  t.equal(await get(api, connection), 200);
  const { lines, ended } = read(watch);
  await ended;
  t.match(JSON.parse(lines.at(-1) ?? ""), { type: "ERROR", object: { reason: "Expired", code: 410 } });
  t.ok(lines.length < changes, `${lines.length} frames`);
  connection.session.destroy();
});

t.test("a stream of which nothing is taken for a minute is closed, its connection goes on", async (t) => {
  const clock = new ManualClock();
  await using api = await startApi({ listen: true, clock });
  const connection = await connectionTo(api);
  const { served } = await watchWithoutReading(api, connection);
  await api.store.create(VirtualMachineKind, machine);
  await change(api, 8);
  await eventually("the stream is full", async () => served.writableNeedDrain || undefined);
  await clock.advance(59_000);
  t.notOk(served.destroyed);
  await clock.advance(1000);
  await eventually("the stream is closed", async () => served.destroyed || undefined);
  await eventually("the watch is over", async () => (await watches(api)) === "0" || undefined);
  t.equal(await get(api, connection), 200);
  connection.session.destroy();
});

t.test("a connection that takes nothing for a minute loses its watches, and nothing stays", async (t) => {
  const clock = new ManualClock();
  await using api = await startApi({ listen: true, clock });
  await using relay = await relayTo(api);
  const connection = await connectionTo(api, relay.port);
  const { watch, served } = await watchWithoutReading(api, connection);
  relay.stall();
  watch.resume();
  await api.store.create(VirtualMachineKind, machine);
  await change(api, 4 * 40);
  await eventually("the stream is full", async () => served.writableNeedDrain || undefined);
  const { writableLength } = connection.socket;
  t.ok(writableLength < 2 * megabyte, `${writableLength} bytes wait to be sent`);
  await clock.advance(60_000);
  await eventually("the watch is over", async () => (await watches(api)) === "0" || undefined);
  t.ok(served.destroyed);
  t.equal((await api.call("GET", `${machinesPath}/web`)).code, 200);
  connection.session.destroy();
});

async function watches(api: ApiFixture): Promise<string | undefined> {
  return /class="watches"\} (\d+)/.exec((await api.call("GET", "/metrics")).text)?.[1];
}
