import t from "tap";
import { FakeLibvirtd, type ReceivedFrame, writeError } from "../../../testing/fake-libvirtd.ts";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { RpcConnection } from "./connection.ts";
import { messageStatus, messageType } from "./frame.ts";
import { volumeCalls } from "./procedures-storage.ts";
import { maxPacketBytes, type RpcStream, upload } from "./stream.ts";

const volume = { pool: "p", name: "v", key: "k" };
const range = { volume, offset: 0, length: 0, flags: 0 };
const { number: procedure } = volumeCalls.upload;

interface Scene {
  readonly clock: ManualClock;
  readonly daemon: FakeLibvirtd;
  readonly connection: RpcConnection;
  readonly stream: RpcStream;
  /** Sends a packet as the daemon. */
  packet(status: number, payload?: Buffer): void;
  /** Packets that the daemon received. */
  packets(): readonly ReceivedFrame[];
}

async function open(signal?: AbortSignal): Promise<Scene> {
  const clock = new ManualClock();
  const daemon = new FakeLibvirtd();
  const connection = new RpcConnection(daemon.transport, { clock });
  const opening = connection.openStream(volumeCalls.upload, range, signal ? { signal } : {});
  await clock.settle();
  daemon.reply({ procedure, serial: 1 });
  const { stream } = await opening;
  const packet = (status: number, payload = Buffer.alloc(0)): void =>
    daemon.send(
      daemon.frame({ procedure, serial: 1, type: messageType.stream, status }, (writer) =>
        writer.fixedOpaque(payload),
      ),
    );
  const packets = (): ReceivedFrame[] => daemon.received.filter((frame) => frame.type === messageType.stream);
  return { clock, daemon, connection, stream, packet, packets };
}

async function* chunks(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield Buffer.alloc(size, 1);
}

async function collect(stream: RpcStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream.read()) parts.push(part);
  return Buffer.concat(parts);
}

t.test("an upload is cut into packets, ends with OK, and waits for the daemon's OK", async (t) => {
  const { clock, connection, stream, packet, packets } = await open();
  let done = false;
  const sending = upload(stream, chunks(10, maxPacketBytes + 4, 0)).then(() => {
    done = true;
  });
  await clock.settle();
  t.strictSame(
    packets().map((frame) => [frame.status, frame.payload.remaining]),
    [
      [messageStatus.continue, 10],
      [messageStatus.continue, maxPacketBytes],
      [messageStatus.continue, 4],
      [messageStatus.ok, 0],
    ],
  );
  t.notOk(done);
  packet(messageStatus.ok);
  await sending;
  connection.close();
});

t.test("a download ends with an empty packet, which is confirmed", async (t) => {
  const { clock, connection, stream, packet, packets } = await open();
  const receiving = collect(stream);
  packet(messageStatus.continue, Buffer.from("four"));
  packet(messageStatus.continue, Buffer.from("more"));
  packet(messageStatus.continue);
  await clock.settle();
  t.match(packets(), [{ status: messageStatus.ok }]);
  packet(messageStatus.ok);
  t.equal(String(await receiving), "fourmore");
  connection.close();
});

t.test("packets in the chunk of the reply are not lost", async (t) => {
  const clock = new ManualClock();
  const daemon = new FakeLibvirtd();
  const connection = new RpcConnection(daemon.transport, { clock });
  const opening = connection.openStream(volumeCalls.download, range);
  await clock.settle();
  const header = { procedure: 209, serial: 1, status: messageStatus.continue };
  daemon.send(
    daemon.frame({ ...header, type: messageType.reply, status: messageStatus.ok }),
    daemon.frame({ ...header, type: messageType.stream }, (writer) =>
      writer.fixedOpaque(Buffer.from("data")),
    ),
    daemon.frame({ ...header, type: messageType.stream }),
  );
  const { stream } = await opening;
  const receiving = collect(stream);
  await clock.settle();
  daemon.send(daemon.frame({ ...header, type: messageType.stream, status: messageStatus.ok }));
  t.equal(String(await receiving), "data");
  connection.close();
});

t.test("the daemon's error in the middle of an upload stops it, and the source is closed", async (t) => {
  const { clock, daemon, connection, stream } = await open();
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        yield Buffer.alloc(1000);
        await clock.sleep(10);
      }
    } finally {
      closed = true;
    }
  }
  const sending = upload(stream, endless());
  const header = { procedure, serial: 1, type: messageType.stream, status: messageStatus.error };
  daemon.send(daemon.frame(header, (writer) => writeError(writer, 38, "No space left on device")));
  await t.rejects(sending, { code: 38, message: "No space left on device", procedure: "STORAGE_VOL_UPLOAD" });
  await clock.advance(10);
  t.ok(closed);
  connection.close();
});

t.test("a source that fails aborts the upload", async (t) => {
  const { clock, connection, stream, packets } = await open();
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(10);
    throw new Error("the image server hung up");
  }
  await t.rejects(upload(stream, failing()), { message: "the image server hung up" });
  await clock.settle();
  t.equal(packets().at(-1)?.status, messageStatus.error);
  connection.close();
});

t.test("an aborted signal ends the wait and tells the daemon", async (t) => {
  const controller = new AbortController();
  const { clock, connection, stream, packets } = await open(controller.signal);
  const receiving = collect(stream);
  await clock.settle();
  controller.abort(new Error("enough"));
  await t.rejects(receiving, { reason: "OutcomeUnknown", cause: { message: "enough" } });
  await clock.settle();
  t.match(packets(), [{ status: messageStatus.error }]);
  connection.close();
});

t.test("a reader who leaves early aborts", async (t) => {
  const { clock, connection, stream, packet, packets } = await open();
  packet(messageStatus.continue, Buffer.from("data"));
  for await (const chunk of stream.read()) {
    t.equal(String(chunk), "data");
    break;
  }
  await clock.settle();
  t.match(packets(), [{ status: messageStatus.error }]);
  packet(messageStatus.continue, Buffer.from("late"));
  await clock.settle();
  t.equal(await Promise.race([connection.closed, Promise.resolve("alive")]), "alive");
  connection.close();
});

t.test("the end of the connection ends its streams", async (t) => {
  const { daemon, stream } = await open();
  const receiving = collect(stream);
  daemon.close();
  await t.rejects(receiving, { reason: "OutcomeUnknown", message: /the stream is incomplete/ });
});

t.test("while a reader lags the daemon is not read, so memory stays bounded", async (t) => {
  const { clock, connection, daemon, stream, packet } = await open();
  const big = Buffer.alloc(maxPacketBytes, 2);
  for (let index = 0; index < 40; index++) packet(messageStatus.continue, big);
  await clock.settle();
  t.ok(daemon.transport.stream.isPaused());
  packet(messageStatus.continue);
  const receiving = collect(stream);
  await clock.settle();
  packet(messageStatus.ok);
  t.equal((await receiving).length, 40 * maxPacketBytes);
  t.notOk(daemon.transport.stream.isPaused());
  connection.close();
});

t.test("a stream that the daemon refuses is not opened", async (t) => {
  const clock = new ManualClock();
  const daemon = new FakeLibvirtd();
  const connection = new RpcConnection(daemon.transport, { clock });
  const opening = connection.openStream(volumeCalls.upload, range);
  await clock.settle();
  daemon.refuse({ procedure, serial: 1 }, 50, "no such volume");
  await t.rejects(opening, { code: 50, message: "no such volume" });
  await clock.settle();
  t.equal(daemon.received.length, 1);
  connection.close();
});
