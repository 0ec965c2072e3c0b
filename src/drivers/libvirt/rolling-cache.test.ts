import t from "tap";
import { RollingCache } from "./rolling-cache.ts";

/** A source whose values are changed by hand and which counts how often it is asked. */
function source(values: Record<string, number>) {
  const asked: string[] = [];
  const fetch = async (key: string): Promise<number | undefined> => {
    asked.push(key);
    return values[key];
  };
  const takeAsked = (): string[] => asked.splice(0);
  return { values, fetch, takeAsked };
}

t.test("a value is asked for once, until it is invalid", async (t) => {
  const { values, fetch, takeAsked } = source({ a: 1 });
  const cache = new RollingCache({ fetch, auditSize: 0, concurrency: 2 });
  t.equal(await cache.get("a"), 1);
  values.a = 2;
  t.equal(await cache.get("a"), 1);
  cache.invalidate("a");
  t.equal(await cache.get("a"), 2);
  t.strictSame(takeAsked(), ["a", "a"]);
});

t.test("a look asks for what is new, forgets what is gone, and asks again for the oldest", async (t) => {
  const { values, fetch, takeAsked } = source({ a: 1, b: 2, c: 3, d: 4 });
  const cache = new RollingCache({ fetch, auditSize: 2, concurrency: 2 });
  await cache.look(["a", "b", "c"]);
  t.strictSame(takeAsked(), ["a", "b", "c"]);
  await cache.look(["a", "b", "c"]);
  t.strictSame(takeAsked(), ["a", "b"]);
  values.c = 33;
  t.strictSame([...(await cache.look(["b", "c", "d"]))].sort(), [
    ["b", 2],
    ["c", 33],
    ["d", 4],
  ]);
  t.strictSame(takeAsked(), ["d", "c", "b"]);
  t.equal(cache.size, 3);
});

t.test("a change is seen without any event after enough looks", async (t) => {
  const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
  const { values, fetch } = source(Object.fromEntries(keys.map((key) => [key, 1])));
  const cache = new RollingCache({ fetch, auditSize: 3, concurrency: 4 });
  await cache.look(keys);
  for (const key of keys) values[key] = 2;
  for (let round = 0; round < 4; round += 1) await cache.look(keys);
  t.ok([...(await cache.look(keys)).values()].every((value) => value === 2));
});

t.test("what became invalid while it was fetched is fetched again", async (t) => {
  const replies = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
  let calls = 0;
  const fetch = (): Promise<number> => replies[calls++]?.promise ?? Promise.resolve(0);
  const cache = new RollingCache({ fetch, auditSize: 0, concurrency: 1 });
  const first = cache.get("a");
  cache.invalidate("a");
  const second = cache.get("a");
  replies[0]?.resolve(1);
  replies[1]?.resolve(2);
  t.strictSame([await first, await second, calls], [2, 2, 2]);
  cache.clear();
  t.equal(cache.peek("a"), undefined);
});

t.test("a failure reaches who asked and is not remembered", async (t) => {
  let fails = true;
  const fetch = async (): Promise<number> => {
    if (fails) throw new Error("no answer");
    return 1;
  };
  const cache = new RollingCache({ fetch, auditSize: 0, concurrency: 1 });
  await t.rejects(cache.look(["a"]), /no answer/);
  fails = false;
  t.equal(await cache.get("a"), 1);
});
