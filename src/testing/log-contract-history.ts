import type { Test } from "tap";
import { systemClock } from "../runtime/clock.ts";
import type { LogEvent } from "../store/log.ts";
import { keys, type LogCases, type LogFixture, put } from "./log-fixture.ts";
import { ManualClock } from "./manual-clock.ts";
import { rejectsWith } from "./rejects-with.ts";

/** Forgetting history. */
export const compactCases: LogCases = {
  "compaction forgets history and keeps every current state": async (t, log) => {
    let expected = 0;
    for (let i = 1; i <= 1200; i += 1) {
      const result = await put(log, i % 2 ? "/odd" : `/k/${i}`, `${i}`, i % 2 ? expected : 0);
      if (i % 2 && result.applied) expected = result.revision;
    }
    await log.commit({ key: "/k/2", value: undefined, expected: 2 });
    const now = await log.range({ prefix: "/" });
    const then = await log.range({ prefix: "/", revision: 1100 });
    await log.compact(1100);
    t.equal(log.compactedRevision(), 1100);
    t.same(await log.range({ prefix: "/" }), now);
    t.same(await log.range({ prefix: "/", revision: 1100 }), then);
    const events: LogEvent[] = [];
    await log.subscribe(1100, (more) => events.push(...more));
    t.equal(events.length, 101);
    t.match(events[0], { revision: 1101, previous: { value: "1099" }, current: { value: "1101" } });
    t.match(events.at(-1), { key: "/k/2", previous: { value: "2", revision: 2 }, current: undefined });
    await rejectsWith(
      t,
      log.subscribe(1099, () => {}),
      "Expired",
    );
    await rejectsWith(t, log.range({ prefix: "/", revision: 1099 }), "Expired");
    await rejectsWith(t, log.compact(log.revision() + 1), "Expired");
    await log.compact(5);
    t.equal(log.compactedRevision(), 1100, "compacting less again changes nothing");
  },

  "writes go on during a compaction": async (t, log) => {
    await Promise.all(Array.from({ length: 2000 }, (_, i) => put(log, `/k/${i}`, "x", 0)));
    const compacting = log.compact(2000);
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => put(log, `/n/${i}`, "x", 0)));
    t.ok(results.every((result) => result.applied));
    t.ok(log.compactedRevision() < 2000, "the writes did not wait for the end of it");
    await compacting;
    t.equal((await keys(log, { prefix: "/" })).length, 2020);
  },
};

/** Long ranges beside writes. */
export const rangeCases: LogCases = {
  "writes go on during a long range, and do not change what it finds": async (t, log) => {
    const name = (n: number): string => `/k/${String(n).padStart(5, "0")}`;
    await Promise.all(Array.from({ length: 5000 }, (_, n) => put(log, name(n * 2), "old", 0)));
    const now = await log.range({ prefix: "/k/" });
    for (const revision of [undefined, 4000]) {
      const limit = revision === undefined ? undefined : 3000;
      const expected = now.records.filter((record) => record.revision <= (revision ?? 5000)).slice(0, limit);
      let over = false;
      const range = log.range({ prefix: "/k/", revision: revision ?? 5000, limit }).finally(() => {
        over = true;
      });
      const first = log.revision() === 5000;
      await systemClock.yield();
      if (first) t.notOk(over, "others have their turn");
      for (const at of first ? [0, 4999, 2500] : []) {
        await put(log, name(at * 2), "new", at + 1);
        await put(log, name(at * 2 + 1), "new", 0);
        await log.commit({ key: name(at * 2 - 2), value: undefined, expected: at });
      }
      const found = await range;
      t.same(found.records, expected);
      t.equal(found.remaining, revision === undefined ? 0 : 1000);
    }
  },
};

/** What is there after closing and opening again. */
export const durableCases: Readonly<Record<string, (t: Test, place: LogFixture) => Promise<void>>> = {
  "states, revisions and history survive a restart": async (t, place) => {
    const first = await place.open(new ManualClock());
    for (let i = 0; i < 20; i += 1) await put(first, `/k/${i}`, `é${i}\u{1F40E}`, 0);
    await put(first, "/k/3", "changed", 4);
    await first.commit({ key: "/k/4", value: undefined, expected: 5 });
    const before = await first.range({ prefix: "/" });
    const history: LogEvent[] = [];
    await first.subscribe(7, (events) => history.push(...events));
    await first[Symbol.asyncDispose]();

    const second = await place.open(new ManualClock());
    t.equal(second.revision(), 22);
    t.equal(second.incarnation, first.incarnation);
    t.same(await second.range({ prefix: "/" }), before);
    const replayed: LogEvent[] = [];
    await second.subscribe(7, (events) => replayed.push(...events));
    t.same(replayed, history);
    t.match(await put(second, "/k/4", "again", 0), { applied: true, revision: 23 });
    await second[Symbol.asyncDispose]();
  },

  "revisions never go back, even if the newest keys are deleted and compacted away": async (t, place) => {
    const first = await place.open(new ManualClock());
    await put(first, "/a", "1", 0);
    await put(first, "/b", "1", 0);
    await first.commit({ key: "/b", value: undefined, expected: 2 });
    await first.compact(3);
    await first[Symbol.asyncDispose]();

    const second = await place.open(new ManualClock());
    t.equal(second.revision(), 3);
    t.equal(second.compactedRevision(), 3);
    await rejectsWith(
      t,
      second.subscribe(2, () => {}),
      "Expired",
    );
    t.match(await put(second, "/b", "2", 0), { applied: true, revision: 4 });
    await second[Symbol.asyncDispose]();
    const third = await place.open(new ManualClock());
    t.same(await keys(third, { prefix: "/" }), ["/a", "/b"]);
    await third[Symbol.asyncDispose]();
  },
};
