import t from "tap";
import { ObjectCache } from "./object-cache.ts";
import { RecentEvents } from "./recent-events.ts";
import { SharedEvent } from "./watcher.ts";

const objects = new ObjectCache();

function event(revision: number, size = 1): SharedEvent {
  const current = { key: "/k", value: "x".repeat(size), revision, createRevision: 1 };
  return new SharedEvent({ key: "/k", revision, current, previous: undefined }, objects);
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

t.test("large events push out more", async (t) => {
  const recent = new RecentEvents(0, 100, 1000);
  for (let revision = 1; revision <= 20; revision += 1) recent.add(event(revision, 100));
  t.equal(recent.since, 10);
  recent.add(event(21, 900));
  t.same(revisions(recent, recent.since), [20, 21]);
  recent.add(event(22, 5000));
  t.equal(recent.since, 22, "an event that is larger than all room is not kept");
});
