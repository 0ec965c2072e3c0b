import t from "tap";
import { FakeLibvirtd } from "../../../testing/fake-libvirtd.ts";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { RpcConnection } from "./connection.ts";
import type { LibvirtEvent } from "./event-layouts.ts";
import { EventHub } from "./events.ts";
import { messageStatus, messageType } from "./frame.ts";
import { connectCalls } from "./procedures-connect.ts";
import { domain } from "./types.ts";

const machine = { name: "vm", uuid: "00112233-4455-6677-8899-aabbccddeeff", id: 1 };

interface Scene {
  readonly clock: ManualClock;
  readonly daemon: FakeLibvirtd;
  readonly connection: RpcConnection;
  readonly hub: EventHub;
}

function start(): Scene {
  const clock = new ManualClock();
  const daemon = new FakeLibvirtd();
  const hub: EventHub = new EventHub(() => connection);
  const connection: RpcConnection = new RpcConnection(daemon.transport, {
    clock,
    onMessage: (procedure, payload) => hub.receive(procedure, payload),
  });
  return { clock, daemon, connection, hub };
}

function registered({ daemon }: Scene, callbackId: number): Buffer {
  const call = daemon.calls.at(-1);
  const header = { procedure: call?.procedure ?? 0, serial: call?.serial ?? 0 };
  return daemon.frame({ ...header, type: messageType.reply, status: messageStatus.ok }, (writer) =>
    writer.int(callbackId),
  );
}

function lifecycle({ daemon }: Scene, callbackId: number, event: number): Buffer {
  return daemon.frame({ procedure: 318, type: messageType.message, serial: 0, status: 0 }, (writer) => {
    writer.int(callbackId);
    domain.write(writer, machine);
    writer.int(event);
    writer.int(0);
  });
}

t.test("an event that comes before its registration is answered is kept", async (t) => {
  const scene = start();
  const seen: LibvirtEvent[] = [];
  const subscribing = scene.hub.subscribe("lifecycle", (event) => seen.push(event));
  await scene.clock.settle();
  scene.daemon.send(lifecycle(scene, 7, 2));
  await scene.clock.settle();
  scene.daemon.send(
    lifecycle(scene, 7, 3),
    registered(scene, 7),
    lifecycle(scene, 7, 4),
    lifecycle(scene, 8, 5),
  );
  await subscribing;
  await scene.clock.settle();
  t.strictSame(
    seen,
    [2, 3, 4].map((event) => ({ type: "lifecycle", domain: machine, event, detail: 0 })),
  );
  scene.connection.close();
});

t.test("a cancelled subscription hears nothing more, and the daemon is told", async (t) => {
  const scene = start();
  const seen: LibvirtEvent[] = [];
  const subscribing = scene.hub.subscribe("lifecycle", (event) => seen.push(event));
  await scene.clock.settle();
  scene.daemon.send(registered(scene, 3));
  const cancelling = (await subscribing).cancel();
  scene.daemon.send(lifecycle(scene, 3, 2));
  await scene.clock.settle();
  const call = scene.daemon.calls.at(-1);
  t.equal(call?.procedure, 317);
  t.equal(call?.payload.int(), 3);
  scene.daemon.reply({ procedure: 317, serial: 2 });
  await cancelling;
  t.strictSame(seen, []);
  scene.connection.close();
});

t.test("an event that cannot be read is a reason to look again", async (t) => {
  const scene = start();
  const seen: LibvirtEvent[] = [];
  const subscribing = scene.hub.subscribe("lifecycle", (event) => seen.push(event));
  await scene.clock.settle();
  scene.daemon.send(registered(scene, 1));
  await subscribing;
  const header = { procedure: 318, type: messageType.message, serial: 0, status: 0 };
  scene.daemon.send(
    scene.daemon.frame(header, (writer) => writer.int(1)),
    scene.daemon.frame(header),
    scene.daemon.frame({ ...header, procedure: 9999 }),
  );
  await scene.clock.settle();
  t.strictSame(seen, [{ type: "lost" }]);
  scene.connection.close();
});

t.test("a watch that is not read neither blocks answers nor grows without bound", async (t) => {
  const scene = start();
  const controller = new AbortController();
  const watch = scene.hub.watch(["lifecycle"], controller.signal);
  const first = watch.next();
  await scene.clock.settle();
  scene.daemon.send(registered(scene, 1));
  await scene.clock.settle();
  scene.daemon.send(...Array.from({ length: 25_000 }, () => lifecycle(scene, 1, 2)), lifecycle(scene, 1, 8));
  const call = scene.connection.call(connectCalls.getLibVersion, {});
  await scene.clock.settle();
  scene.daemon.reply({ procedure: 157, serial: 2 }, (writer) => writer.hyper(1));
  t.strictSame(await call, { version: 1 });
  t.equal((await first).value?.type, "lost");
  let count = 1;
  for (let last = 2; last !== 8; count += 1) {
    const { value } = await watch.next();
    last = value?.type === "lifecycle" ? value.event : 8;
  }
  t.ok(count < 10_000, `${count} events were kept`);
  controller.abort();
  t.strictSame(await watch.next(), { value: undefined, done: true });
  scene.connection.close();
});

t.test("a watch throws when the connection ends", async (t) => {
  const scene = start();
  const watch = scene.hub.watch(["lifecycle"], new AbortController().signal);
  const next = watch.next();
  await scene.clock.settle();
  scene.daemon.send(registered(scene, 1));
  await scene.clock.settle();
  scene.daemon.close();
  await t.rejects(next, { reason: "HostUnreachable", message: /the daemon closed the connection/ });
});
