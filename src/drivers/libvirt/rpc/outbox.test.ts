import t from "tap";
import { FakeLibvirtd } from "../../../testing/fake-libvirtd.ts";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { messageType, program } from "./frame.ts";
import { Outbox } from "./outbox.ts";

const header = { program: program.remote, procedure: 1, type: messageType.call, serial: 1, status: 0 };

t.test("frames written together leave in one write, unless the transport forbids it", async (t) => {
  for (const coalesce of [true, false]) {
    const clock = new ManualClock();
    const daemon = new FakeLibvirtd({ coalesce });
    const outbox = new Outbox(daemon.transport);
    for (let serial = 1; serial <= 3; serial++)
      outbox.send({ ...header, serial }, (writer) => writer.uint(serial));
    await clock.settle();
    t.strictSame(daemon.framesPerChunk, coalesce ? [3] : [1, 1, 1]);
    t.strictSame(
      daemon.received.map(({ serial, payload }) => [serial, payload.uint()]),
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    );
  }
});

t.test("where frames must not share a record each waits until the one before is handed over", async (t) => {
  const clock = new ManualClock();
  const handOver: (() => void)[] = [];
  const stream = Object.assign(new FakeLibvirtd().transport.stream, {
    _write: (_chunk: Buffer, _encoding: string, done: () => void) => handOver.push(done),
  });
  const outbox = new Outbox({ stream, coalesce: false, negotiateKeepalive: true, label: "tls" });
  outbox.send(header);
  outbox.sendData(header, Buffer.from("data"));
  let drained = false;
  void outbox.drained().then(() => {
    drained = true;
  });
  await clock.settle();
  t.equal(handOver.length, 1);
  t.notOk(drained);
  handOver[0]?.();
  await clock.settle();
  t.equal(handOver.length, 2);
  handOver[1]?.();
  await clock.settle();
  t.ok(drained);
});

t.test("data follows what was written before it", async (t) => {
  const clock = new ManualClock();
  const daemon = new FakeLibvirtd();
  const outbox = new Outbox(daemon.transport);
  outbox.send({ ...header, serial: 1 });
  outbox.sendData({ ...header, serial: 2 }, Buffer.from("raw"));
  await clock.settle();
  t.strictSame(
    daemon.received.map(({ serial, payload }) => [serial, String(payload.rest())]),
    [
      [1, ""],
      [2, "raw"],
    ],
  );
});

t.test("whoever waits for room is let go when the connection ends", async (t) => {
  const daemon = new FakeLibvirtd();
  const outbox = new Outbox(daemon.transport);
  while (!daemon.transport.stream.writableNeedDrain) outbox.sendData(header, Buffer.alloc(16_384));
  let waits = true;
  const waiting = outbox.drained().then(() => {
    waits = false;
  });
  await Promise.resolve();
  t.ok(waits);
  outbox.release();
  await waiting;
});
