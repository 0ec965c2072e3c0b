import t from "tap";
import { formatTime } from "../runtime/clock.ts";
import { EventKind } from "../schema/event.ts";
import { type Engine, openEngine } from "../testing/engine-fixture.ts";
import { EventExpiry } from "./event-expiry.ts";

async function addEvent({ store }: Engine, name: string, lastMs?: number): Promise<void> {
  await store.create(EventKind, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace: "default", name },
    involvedObject: {},
    ...(lastMs === undefined ? {} : { lastTimestamp: formatTime(lastMs) }),
  });
}

async function names({ store }: Engine): Promise<string[]> {
  return (await store.list(EventKind)).items.map(({ metadata }) => metadata.name);
}

t.test("an Event goes an hour after it was last told", async (t) => {
  const engine = await openEngine(t);
  const now = engine.clock.now();
  await addEvent(engine, "old", now - 3_601_000);
  await addEvent(engine, "recent", now - 1_800_000);
  await addEvent(engine, "no-time");
  await engine.run(new EventExpiry(engine));
  t.strictSame(await names(engine), ["no-time", "recent"]);
  await engine.clock.advance(1_900_000);
  t.strictSame(await names(engine), ["no-time"]);
  await engine.clock.advance(1_900_000);
  t.strictSame(await names(engine), [], "without a time of its own it counts from its creation");
});

t.test("thousands of old Events go, and young ones between them stay", async (t) => {
  const engine = await openEngine(t);
  const now = engine.clock.now();
  for (let index = 0; index < 1600; index += 1) {
    await addEvent(engine, `e${index}`, index % 400 === 0 ? now : now - 4_000_000);
  }
  await engine.run(new EventExpiry(engine));
  await engine.clock.settle();
  t.strictSame((await names(engine)).sort(), ["e0", "e1200", "e400", "e800"]);
});
