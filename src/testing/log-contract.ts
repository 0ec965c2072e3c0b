import type { Test } from "tap";
import type { LogEvent } from "../store/log.ts";
import { compactCases, durableCases, rangeCases } from "./log-contract-history.ts";
import { keys, type LogCases, type LogFixture, put } from "./log-fixture.ts";
import { ManualClock } from "./manual-clock.ts";
import { rejectsWith } from "./rejects-with.ts";

/** Every rule of `Log`, as tests. `fixture` gives each test an empty place. */
export function logContract(t: Test, name: string, fixture: (t: Test) => LogFixture): void {
  const cases = { ...commitCases, ...readCases, ...subscribeCases, ...compactCases, ...rangeCases };
  for (const [title, run] of Object.entries(cases)) {
    t.test(`${name}: ${title}`, async (t) => {
      const log = await fixture(t).open(new ManualClock());
      t.teardown(() => log[Symbol.asyncDispose]());
      await run(t, log);
    });
  }
  for (const [title, run] of Object.entries(durableCases)) {
    t.test(`${name}: ${title}`, async (t) => {
      const place = fixture(t);
      if (place.durable) await run(t, place);
      else t.pass("keeps nothing");
    });
  }
}

const commitCases: LogCases = {
  "revisions count from 1 and each commit takes the next": async (t, log) => {
    t.equal(log.revision(), 0);
    t.match(await put(log, "/a", "1", 0), { applied: true, revision: 1 });
    t.match(await put(log, "/a", "2", 1), { applied: true, revision: 2 });
    t.match(await log.commit({ key: "/a", value: undefined, expected: 2 }), {
      applied: true,
      revision: 3,
      current: undefined,
    });
    t.match(await put(log, "/a", "3", 0), { applied: true, revision: 4 });
    t.equal(log.revision(), 4);
    t.same(await log.get("/a"), { key: "/a", value: "3", revision: 4, createRevision: 4 });
  },

  "the record that a write makes is told before anybody reads it": async (t, log) => {
    const told: unknown[] = [];
    const foreseen = (record: unknown): void => void told.push(record);
    const listened: unknown[] = [];
    await log.subscribe(0, (events) => {
      for (const { current } of events) listened.push(current, told.includes(current));
    });
    const { current } = await log.commit({ key: "/a", value: "1", expected: 0, foreseen });
    await log.commit({ key: "/a", value: "2", expected: 0, foreseen });
    await log.commit({ key: "/a", value: undefined, expected: 1, foreseen });
    t.equal(told.length, 1, "not of one that is not applied, nor of a deletion");
    t.equal(told[0], current);
    t.same(listened, [current, true, undefined, false]);
  },

  "a write that expects another revision is not applied and is told what is there": async (t, log) => {
    await put(log, "/a", "1", 0);
    const current = { key: "/a", value: "1", revision: 1, createRevision: 1 };
    t.same(await put(log, "/a", "2", 0), { applied: false, current });
    t.same(await put(log, "/a", "2", 7), { applied: false, current });
    t.same(await log.commit({ key: "/a", value: undefined, expected: 7 }), { applied: false, current });
    t.same(await put(log, "/b", "2", 1), { applied: false, current: undefined });
    t.same(await log.commit({ key: "/b", value: undefined, expected: 0 }), {
      applied: false,
      current: undefined,
    });
    t.equal(log.revision(), 1);
  },

  "of many writes at once that expect the same, one is applied": async (t, log) => {
    const results = await Promise.all(Array.from({ length: 50 }, (_, i) => put(log, "/a", `${i}`, 0)));
    t.equal(results.filter((result) => result.applied).length, 1);
    for (const result of results) t.match(result.current, { value: "0", revision: 1 });
  },

  "a write may build on one that is still under way; both resolve in order": async (t, log) => {
    const order: string[] = [];
    const note = (what: string) => () => order.push(what);
    await Promise.all([
      put(log, "/a", "1", 0).then(note("first")),
      put(log, "/a", "2", 1).then(note("second")),
      put(log, "/b", "3", 9).then(note("refused at once")),
      put(log, "/a", "4", 9).then(note("refused by the second")),
      log.commit({ key: "/a", value: undefined, expected: 2 }).then(note("deleted")),
    ]);
    t.same(order, ["refused at once", "first", "second", "refused by the second", "deleted"]);
    t.equal(await log.get("/a"), undefined);
  },

  "a refusal is told only when what it met can be read": async (t, log) => {
    const writes = [put(log, "/a", "1", 0), put(log, "/a", "2", 0)];
    t.equal(await log.get("/a"), undefined, "nothing is visible before it is durable");
    const [, refused] = await Promise.all(writes);
    t.same(await log.get("/a"), refused?.current);
  },

  "more writes at once than one transaction takes keep their order": async (t, log) => {
    const done: number[] = [];
    const writes = Array.from({ length: 1700 }, async (_, i) => {
      const result = await put(log, `/k/${i}`, "x", 0);
      if (result.applied) done.push(result.revision);
    });
    await Promise.all(writes);
    t.same(
      done,
      Array.from({ length: 1700 }, (_, i) => i + 1),
    );
  },

  "a closed log writes what is under way and refuses the rest": async (t, log) => {
    const last = put(log, "/a", "1", 0);
    await log[Symbol.asyncDispose]();
    t.match(await last, { applied: true });
    await rejectsWith(t, put(log, "/b", "1", 0), "ServiceUnavailable");
  },
};

const readCases: LogCases = {
  "a range holds the keys under a prefix in order, after a key, up to a limit": async (t, log) => {
    for (const key of ["/b/2", "/b/10", "/a/1", "/b/1", "/bb/1", "/c"]) await put(log, key, key, 0);
    t.same(await keys(log, { prefix: "/b/" }), ["/b/1", "/b/10", "/b/2"]);
    t.same(await keys(log, { prefix: "/b/", limit: 2 }), ["/b/1", "/b/10"]);
    t.same(await keys(log, { prefix: "/b/", after: "/b/1" }), ["/b/10", "/b/2"]);
    t.same(await keys(log, { prefix: "/b/", after: "/b/11", limit: 5 }), ["/b/2"]);
    t.same(await keys(log, { prefix: "/none/" }), []);
    t.equal((await keys(log, { prefix: "/" })).length, 6);
  },

  "a range at a revision is what it was then, page by page": async (t, log) => {
    for (let i = 10; i < 30; i += 1) await put(log, `/k/${i}`, "old", 0);
    const revision = log.revision();
    const before = await log.range({ prefix: "/k/" });
    await put(log, "/k/05", "new", 0);
    await put(log, "/k/15", "changed", 6);
    await log.commit({ key: "/k/16", value: undefined, expected: 7 });
    await log.commit({ key: "/k/17", value: undefined, expected: 8 });
    await put(log, "/k/17", "again", 0);
    await put(log, "/k/99", "new", 0);
    await put(log, "/other", "new", 0);
    t.same(await log.range({ prefix: "/k/", revision }), before);
    const paged = [];
    for (let after: string | undefined; ; after = paged.at(-1)?.key) {
      const page = await log.range({ prefix: "/k/", revision, limit: 3, after });
      paged.push(...page.records);
      t.ok(page.records.length <= 3);
      t.equal(page.remaining, before.records.length - paged.length, "all that comes later in the list");
      if (page.records.length < 3) break;
    }
    t.same(paged, before.records);
    await rejectsWith(t, log.range({ prefix: "/", revision: log.revision() + 1 }), "Expired");
  },

  "the same state is the same record": async (t, log) => {
    const written = await put(log, "/a", "1", 0);
    await put(log, "/b", "1", 0);
    t.equal(await log.get("/a"), written.current);
    t.equal((await log.range({ prefix: "/" })).records[0], written.current);
  },
};

const subscribeCases: LogCases = {
  "a subscriber gets the history after a revision, then what happens": async (t, log) => {
    await put(log, "/a", "1", 0);
    await put(log, "/a", "2", 1);
    await log.commit({ key: "/a", value: undefined, expected: 2 });
    const events: LogEvent[] = [];
    const stop = await log.subscribe(1, (more) => events.push(...more));
    await put(log, "/a", "3", 0);
    const states = events.map(({ revision, previous, current }) => [
      revision,
      previous?.value,
      current?.value,
    ]);
    t.same(states, [
      [2, "1", "2"],
      [3, "2", undefined],
      [4, undefined, "3"],
    ]);
    stop();
    await put(log, "/a", "4", 4);
    t.equal(events.length, 3, "nothing after the end of the subscription");
    await rejectsWith(
      t,
      log.subscribe(6, () => {}),
      "Expired",
    );
  },

  "the writes of one turn arrive in one call": async (t, log) => {
    const calls: number[][] = [];
    await log.subscribe(0, (events) => calls.push(events.map(({ revision }) => revision)));
    await Promise.all([put(log, "/a", "1", 0), put(log, "/b", "1", 0), put(log, "/a", "2", 1)]);
    await put(log, "/c", "1", 0);
    t.same(calls, [[1, 2, 3], [4]]);
  },

  "a listener may subscribe and unsubscribe others": async (t, log) => {
    const joined: number[] = [];
    const left: number[] = [];
    const joins: Promise<unknown>[] = [];
    await log.subscribe(0, () => {
      leave();
      joins.push(log.subscribe(0, (events) => joined.push(...events.map(({ revision }) => revision))));
    });
    const leave = await log.subscribe(0, (events) => left.push(...events.map(({ revision }) => revision)));
    await put(log, "/a", "1", 0);
    await Promise.all(joins);
    t.same(joined, [1]);
    t.same(left, []);
  },

  "subscribers that join while others write miss nothing and see nothing twice": async (t, log) => {
    const seen: { since: number; revisions: number[] }[] = [];
    const join = async (since: number): Promise<void> => {
      const revisions: number[] = [];
      seen.push({ since, revisions });
      await log.subscribe(since, (events) => revisions.push(...events.map(({ revision }) => revision)));
    };
    const joins: Promise<void>[] = [];
    const writer = async (key: string): Promise<void> => {
      let expected = 0;
      for (let i = 0; i < 150; i += 1) {
        const result = await put(log, key, `${i}`, expected);
        if (result.applied) expected = result.revision;
        if (i % 10 === 0) joins.push(join(Math.floor(log.revision() * ((i % 7) / 7))));
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, i) => writer(`/k/${i}`)));
    await Promise.all(joins);
    t.equal(log.revision(), 1200);
    for (const { since, revisions } of seen) {
      const complete = revisions.length === 1200 - since && revisions.every((r, i) => r === since + 1 + i);
      if (!complete) t.fail(`a subscriber from ${since} saw ${revisions.length} events out of line`);
    }
    t.ok(seen.length > 100);
  },
};
