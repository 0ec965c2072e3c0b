import t from "tap";
import type { Resource } from "../schema/meta.ts";
import { widget } from "../testing/widget.ts";
import { ObjectCache, storedText } from "./object-cache.ts";
import type { WatchEvent } from "./store.ts";
import { SharedEvent, Watcher } from "./watcher.ts";

const objects = new ObjectCache();
const all = (_event: WatchEvent<Resource>): _event is WatchEvent<Resource> => true;

function event(
  revision: number,
  key = "/g/widgets/default/a",
  value = storedText(widget("a")).value,
): SharedEvent {
  const current = { key, value, revision, createRevision: revision };
  return new SharedEvent({ key, revision, current, previous: undefined }, objects);
}

function open(limits = { events: 10, characters: 100_000 }) {
  let ends = 0;
  const onEnd = (): void => {
    ends += 1;
  };
  const watcher = new Watcher({ prefix: "/g/widgets/default/", position: 5, limits, onEnd });
  return { watcher, ends: () => ends };
}

t.test("a watcher takes what is new to it and under its prefix", async (t) => {
  const { watcher } = open();
  for (const shared of [event(4), event(5), event(6), event(6), event(7, "/g/widgets/other/a"), event(8)]) {
    watcher.offer(shared);
  }
  watcher.bookmark(9);
  const stream = watcher.events(all);
  const told: unknown[] = [];
  for (let i = 0; i < 3; i += 1) {
    const { value } = await stream.next();
    told.push(value?.type === "BOOKMARK" ? value.resourceVersion : value?.object.metadata.resourceVersion);
  }
  t.same(told, ["6", "8", "9"]);
});

t.test("a reader waits for what comes and stops when the watcher ends", async (t) => {
  const { watcher, ends } = open();
  const stream = watcher.events(all);
  const next = stream.next();
  watcher.offer(event(6));
  t.match(await next, { value: { type: "ADDED" } });
  const last = stream.next();
  watcher.end();
  watcher.end(new Error("too late"));
  t.same(await last, { done: true, value: undefined });
  t.equal(ends(), 1);
});

t.test("too many events or too much text end a watcher with Expired", async (t) => {
  for (const limits of [
    { events: 2, characters: 100_000 },
    { events: 100, characters: 500 },
  ]) {
    const { watcher, ends } = open(limits);
    for (let revision = 6; revision < 16; revision += 1) watcher.offer(event(revision));
    t.ok(watcher.ended);
    t.equal(ends(), 1);
    await t.rejects(watcher.events(all).next(), { message: /events behind; list again/ });
  }
});

t.test("what was read makes room", async (t) => {
  const { watcher } = open({ events: 2, characters: 500 });
  const stream = watcher.events(all);
  for (let revision = 6; revision < 56; revision += 1) {
    watcher.offer(event(revision));
    t.match(await stream.next(), { value: { object: { metadata: { resourceVersion: String(revision) } } } });
  }
  t.notOk(watcher.ended);
});
