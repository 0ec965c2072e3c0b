import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { type Event, EventKind } from "../schema/event.ts";
import type { Resource } from "../schema/meta.ts";
import { type Engine, openEngine } from "../testing/engine-fixture.ts";
import { EventRecorder } from "./events.ts";

const vm: Resource = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: { name: "web", namespace: "default", uid: "u1", resourceVersion: "7" },
};

async function start(engine: Engine): Promise<EventRecorder> {
  const recorder = new EventRecorder({ ...engine, component: "ostler" });
  await engine.run(recorder);
  return recorder;
}

async function events({ store }: Engine): Promise<readonly Event[]> {
  return (await store.list(EventKind)).items;
}

t.test("what is told becomes an Event beside the object", async (t) => {
  const engine = await openEngine(t);
  const recorder = await start(engine);
  recorder.record(vm, "Warning", "StartFailed", "the disk is missing");
  await engine.clock.settle();
  t.match(await events(engine), [
    {
      metadata: { name: /^web\.[0-9a-f]+$/, namespace: "default" },
      involvedObject: {
        apiVersion: "ostler.dev/v1",
        kind: "VirtualMachine",
        namespace: "default",
        name: "web",
        uid: "u1",
        resourceVersion: "7",
      },
      type: "Warning",
      reason: "StartFailed",
      message: "the disk is missing",
      source: { component: "ostler" },
      count: 1,
      firstTimestamp: "2026-01-01T00:00:00Z",
      lastTimestamp: "2026-01-01T00:00:00Z",
    },
  ]);
});

t.test("the same thing told again raises the count of one Event, with few writes", async (t) => {
  const engine = await openEngine(t);
  const recorder = await start(engine);
  const first = (await engine.store.list(EventKind)).resourceVersion;
  for (let second = 0; second < 60; second += 1) {
    for (let time = 0; time < 10; time += 1) recorder.record(vm, "Warning", "StartFailed", "no disk");
    await engine.clock.advance(1000);
  }
  const { items, resourceVersion } = await engine.store.list(EventKind);
  t.match(items, [
    { count: 600, firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:59Z" },
  ]);
  t.equal(Number(resourceVersion) - Number(first), 7, "written at once, then every ten seconds");
});

t.test("other objects, reasons and messages are other Events", async (t) => {
  const engine = await openEngine(t);
  const recorder = await start(engine);
  recorder.record(vm, "Warning", "A", "x");
  recorder.record(vm, "Warning", "A", "y");
  recorder.record(vm, "Warning", "B", "x");
  recorder.record(vm, "Normal", "B", "x");
  recorder.record({ ...vm, metadata: { ...vm.metadata, uid: "u2" } }, "Warning", "A", "x");
  await engine.clock.settle();
  t.equal((await events(engine)).length, 5);
});

t.test("a flood is slowed down, not written all at once", async (t) => {
  const engine = await openEngine(t);
  const recorder = await start(engine);
  for (let index = 0; index < 300; index += 1) recorder.record(vm, "Warning", "A", `message ${index}`);
  await engine.clock.settle();
  t.equal((await events(engine)).length, 100);
  await engine.clock.advance(10_000);
  t.equal((await events(engine)).length, 200);
});

t.test("memory is bounded: of too many things the oldest are forgotten", async (t) => {
  const engine = await openEngine(t);
  const recorder = await start(engine);
  for (let index = 0; index < 10_000; index += 1) recorder.record(vm, "Warning", "A", `message ${index}`);
  await engine.clock.advance(3_600_000);
  t.equal((await events(engine)).length, 4096);
});

t.test("an Event of a cluster-scoped object is in the default namespace", async (t) => {
  const engine = await openEngine(t);
  const recorder = await start(engine);
  const host = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name: "h1" } };
  recorder.record(host, "Warning", "Unreachable", "no route");
  await engine.clock.settle();
  t.match(await events(engine), [{ metadata: { namespace: "default" }, involvedObject: { name: "h1" } }]);
});

t.test("long names and messages are cut to what an Event can hold", async (t) => {
  const engine = await openEngine(t);
  const recorder = await start(engine);
  const long = { ...vm, metadata: { ...vm.metadata, name: `${"a".repeat(46)}-${"b".repeat(16)}` } };
  recorder.record(long, "Warning", "A", "x".repeat(100_000));
  await engine.clock.settle();
  const [event] = await events(engine);
  t.equal(event?.metadata.name.length, 63);
  t.equal(event?.message?.length, 1024);
});

t.test("an Event that was removed in between is written anew", async (t) => {
  const engine = await openEngine(t);
  const recorder = await start(engine);
  recorder.record(vm, "Warning", "A", "x");
  await engine.clock.settle();
  for (const { metadata } of await events(engine)) {
    await engine.store.delete(EventKind, { namespace: "default", name: metadata.name });
  }
  recorder.record(vm, "Warning", "A", "x");
  await engine.clock.advance(10_000);
  t.match(await events(engine), [{ count: 2 }]);
});

t.test("nothing that goes wrong reaches who records", async (t) => {
  const engine = await openEngine(t);
  const refuse = async (): Promise<never> =>
    Promise.reject(new StatusError("ServiceUnavailable", "disk full"));
  const recorder = new EventRecorder({
    ...engine,
    store: { create: refuse, update: refuse },
    component: "ostler",
  });
  await engine.run(recorder);
  recorder.record(vm, "Warning", "A", "x");
  await engine.clock.settle();
  recorder.record(vm, "Warning", "A", "x");
  await engine.clock.advance(60_000);
  t.strictSame(await events(engine), []);
});
