import t from "tap";
import type { Resource } from "../schema/meta.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { widget } from "../testing/widget.ts";
import type { Log } from "./log.ts";
import { openMemoryLog } from "./memory-log.ts";
import { ObjectCache, storedText } from "./object-cache.ts";
import type { WatchEvent } from "./store.ts";
import { WatchCache } from "./watch-cache.ts";

const prefix = "/g/widgets/";
const all = (_event: WatchEvent<Resource>): _event is WatchEvent<Resource> => true;

async function fill(log: Log, from: number, count: number): Promise<void> {
  const writes = Array.from({ length: count }, (_, i) => {
    const name = `w${from + i}`;
    return log.commit({
      key: `${prefix}default/${name}`,
      value: storedText(widget(name)).value,
      expected: 0,
    });
  });
  await Promise.all(writes);
}

/** Counts how often the log is asked for a subscription. */
function counted(log: Log): { log: Log; subscriptions: () => number } {
  let subscriptions = 0;
  const subscribe: Log["subscribe"] = (since, listener) => {
    subscriptions += 1;
    return log.subscribe(since, listener);
  };
  const proxy: Log = {
    incarnation: log.incarnation,
    commit: (write) => log.commit(write),
    get: (key) => log.get(key),
    range: (options) => log.range(options),
    subscribe,
    compact: (revision) => log.compact(revision),
    revision: () => log.revision(),
    compactedRevision: () => log.compactedRevision(),
    failure: () => log.failure(),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
  return { log: proxy, subscriptions: () => subscriptions };
}

async function take(events: AsyncIterable<WatchEvent<Resource>>, count: number): Promise<string[]> {
  const names: string[] = [];
  for await (const event of events) {
    if (event.type !== "BOOKMARK") names.push(event.object.metadata.name);
    if (names.length === count) break;
  }
  return names;
}

t.test(
  "any number of watchers cost the log one subscription; history is read only by those far behind",
  async (t) => {
    const clock = new ManualClock();
    const inner = openMemoryLog(clock);
    await fill(inner, 0, 10);
    const { log, subscriptions } = counted(inner);
    const cache = await WatchCache.open(log, clock, new ObjectCache());
    const { signal } = new AbortController();
    await fill(inner, 10, 10);
    const recent = [10, 15, 20].map((since) => cache.watch({ prefix, since, signal }).events(all));
    t.equal(subscriptions(), 1);
    const old = cache.watch({ prefix, since: 3, signal }).events(all);
    await fill(inner, 20, 5);
    const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `w${from + i}`);
    t.same(await Promise.all(recent.map((events, i) => take(events, 15 - 5 * i))), [
      names(10, 25),
      names(15, 25),
      names(20, 25),
    ]);
    t.same(await take(old, 22), names(3, 25));
    t.equal(subscriptions(), 2);
    cache[Symbol.dispose]();
  },
);

t.test("a watcher that catches up while others write joins without gap or repeat", async (t) => {
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  await fill(log, 0, 4000);
  const cache = await WatchCache.open(log, clock, new ObjectCache());
  const { signal } = new AbortController();
  const events = cache.watch({ prefix, since: 0, signal }).events(all);
  const writing = (async () => {
    for (let i = 0; i < 20; i += 1) await fill(log, 4000 + i * 100, 100);
  })();
  const names = await take(events, 6000);
  await writing;
  t.same(
    names,
    Array.from({ length: 6000 }, (_, i) => `w${i}`),
  );
  cache[Symbol.dispose]();
});
