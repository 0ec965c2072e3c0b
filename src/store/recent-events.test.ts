import t from "tap";
import { widget } from "../testing/widget.ts";
import type { LogRecord } from "./log.ts";
import { ObjectCache, storedText } from "./object-cache.ts";
import { RecentEvents } from "./recent-events.ts";
import { SharedEvent } from "./watcher.ts";

const objects = new ObjectCache();

function record(revision: number, size = 1): LogRecord {
  return { key: "/k", value: "x".repeat(size), revision, createRevision: 1 };
}

/** One that ended a state of so many characters. */
function event(revision: number, outlived = 1): SharedEvent {
  const previous = record(revision - 1, outlived);
  return new SharedEvent({ key: "/k", revision, current: record(revision), previous }, objects);
}

function revisions(recent: RecentEvents, after: number): number[] {
  return recent.after(after).map((shared) => shared.event.revision);
}

t.test("only the newest events are kept, and since when is known", async (t) => {
  const recent = new RecentEvents(10, 5);
  t.equal(recent.since, 10);
  for (let revision = 11; revision <= 15; revision += 1) recent.add(event(revision));
  t.equal(recent.since, 10);
  t.same(revisions(recent, 10), [11, 12, 13, 14, 15]);
  for (let revision = 16; revision <= 40; revision += 1) recent.add(event(revision));
  t.equal(recent.since, 35);
  t.same(revisions(recent, 35), [36, 37, 38, 39, 40]);
  t.same(revisions(recent, 38), [39, 40]);
  t.same(revisions(recent, 40), []);
});

t.test("what outlives large states pushes out more", async (t) => {
  const recent = new RecentEvents(0, 100, 1000);
  for (let revision = 1; revision <= 20; revision += 1) recent.add(event(revision, 100));
  t.equal(recent.since, 10);
  recent.add(event(21, 900));
  t.same(revisions(recent, recent.since), [20, 21]);
  recent.add(event(22, 5000));
  t.equal(recent.since, 22, "an event that keeps more than there is room for is not kept");
});

t.test("states that still stand take no room", async (t) => {
  const recent = new RecentEvents(0, 100, 1000);
  for (let revision = 1; revision <= 50; revision += 1) {
    const key = `/k${revision}`;
    const current = { ...record(revision, 500), key };
    recent.add(new SharedEvent({ key, revision, current, previous: undefined }, objects));
  }
  t.equal(recent.since, 0);
  t.equal(revisions(recent, 0).length, 50);
});

t.test("objects of states that have ended are kept for the newest events only", async (t) => {
  const cache = new ObjectCache();
  const recent = new RecentEvents(0);
  const records = Array.from({ length: 400 }, (_, n) => ({
    ...record(n + 1),
    value: storedText(widget("a", { size: n })).value,
  }));
  const read = records.map((current, n) => {
    const previous = records[n - 1];
    const shared = new SharedEvent({ key: "/k", revision: n + 1, current, previous }, cache);
    recent.add(shared);
    return { shared, event: shared.read() };
  });
  const again = read.map(({ shared }) => shared.read());
  const same = read.map(({ event }, n) => event === again[n]);
  t.same([same[100], same[399]], [false, true]);
  t.same(
    again,
    read.map(({ event }) => event),
    "they are made again as they were",
  );
});
