import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { rejectsWith } from "../testing/rejects-with.ts";
import { JournaledLog } from "./journaled-log.ts";
import type { LogEvent } from "./log.ts";
import { emptyState, MemoryJournal } from "./memory-log.ts";

/** A disk that fails from some transaction on. */
class FailingJournal extends MemoryJournal {
  appends = 0;
  readonly #good: number;

  constructor(good: number) {
    super();
    this.#good = good;
  }

  override append(events: readonly LogEvent[]): void {
    this.appends += 1;
    if (this.appends > this.#good) throw new Error("disk on fire");
    super.append(events);
  }

  override compact(): void {
    throw new Error("disk on fire");
  }
}

/** A disk that takes its time: nothing is durable before `land` is called. */
class SlowJournal extends MemoryJournal {
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  /** How many transactions were written, on the disk or not. */
  appends = 0;

  override append(events: readonly LogEvent[]): void {
    this.appends += 1;
    super.append(events);
  }

  override sync(): Promise<void> {
    const landing = Promise.withResolvers<void>();
    this.#waiting.push(landing);
    return landing.promise;
  }

  /** What is being synced is durable, or never will be. */
  land(error?: Error): void {
    for (const { resolve, reject } of this.#waiting.splice(0))
      error === undefined ? resolve() : reject(error);
  }
}

function openSlow() {
  const journal = new SlowJournal();
  const log = new JournaledLog(journal, emptyState, new ManualClock());
  return { journal, log };
}

/** Long enough for everything that waits for nothing else. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function open(good: number) {
  const journal = new FailingJournal(good);
  return { journal, log: new JournaledLog(journal, emptyState, new ManualClock()) };
}

const put = (key: string, value: string, expected: number) => ({ key, value, expected });

t.test(
  "a failed transaction rejects all writes under way and all later ones, and nothing shows",
  async (t) => {
    const { log, journal } = open(1);
    const seen: number[] = [];
    await log.subscribe(0, (events) => seen.push(...events.map(({ revision }) => revision)));
    await log.commit(put("/a", "1", 0));
    t.equal(log.failure(), undefined);
    const message = "store is read-only: disk on fire; mend the disk and start again";
    const lost = [
      log.commit(put("/a", "2", 1)),
      log.commit(put("/a", "3", 2)),
      log.commit(put("/a", "4", 1)),
      log.commit({ key: "/a", value: undefined, expected: 3 }),
      ...Array.from({ length: 600 }, (_, i) => log.commit(put(`/k/${i}`, "x", 0))),
    ];
    const outcomes = await Promise.allSettled(lost);
    t.ok(outcomes.every((outcome) => outcome.status === "rejected" && outcome.reason.message === message));
    await rejectsWith(t, log.commit(put("/a", "2", 1)), "ServiceUnavailable", message);
    await rejectsWith(t, log.commit(put("/a", "2", 7)), "ServiceUnavailable", message);
    t.equal(log.failure()?.message, message);
    t.match(await log.get("/a"), { value: "1", revision: 1 });
    t.equal(log.revision(), 1);
    t.same(seen, [1]);
    t.equal(journal.appends, 2, "the disk is not tried again");
    await log[Symbol.asyncDispose]();
  },
);

t.test("a compaction that fails makes the store read-only too", async (t) => {
  const { log } = open(1);
  await log.commit(put("/a", "1", 0));
  await rejectsWith(t, log.compact(1), "ServiceUnavailable", /read-only/);
  await rejectsWith(t, log.commit(put("/b", "1", 0)), "ServiceUnavailable", /read-only/);
  t.equal(log.compactedRevision(), 0);
});

t.test("the writes of one turn are one transaction", async (t) => {
  const { log, journal } = open(10);
  await Promise.all(Array.from({ length: 300 }, (_, i) => log.commit(put(`/k/${i}`, "x", 0))));
  t.equal(journal.appends, 1);
  await log.commit(put("/k/0", "y", 7));
  t.equal(journal.appends, 1, "a refusal writes nothing");
});

t.test("of many writes that are durable at once some show, resolve and are told in each turn", async (t) => {
  const { journal, log } = openSlow();
  const acknowledged: number[] = [];
  const told: (readonly number[])[] = [];
  await log.subscribe(0, (events) => {
    told.push([events.length, log.revision(), acknowledged.length]);
  });
  const writes = Array.from({ length: 100 }, async (_, i) => {
    const { current } = await log.commit(put(`/k/${i}`, "x", 0));
    acknowledged.push(current?.revision ?? 0);
  });
  await settle();
  journal.land();
  await Promise.all(writes);
  t.equal(journal.appends, 1);
  t.same(told, [
    [64, 64, 0],
    [36, 100, 64],
  ]);
  t.same(
    acknowledged,
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
});

t.test("a subscriber that is overtaken by compaction while it reads history is told so", async (t) => {
  const clock = new ManualClock();
  const log = new JournaledLog(new MemoryJournal(), emptyState, clock);
  await Promise.all(Array.from({ length: 3000 }, (_, i) => log.commit(put(`/k/${i}`, "x", 0))));
  const joining = log.subscribe(0, () => {});
  await Promise.all([log.compact(3000), log.compact(3000), rejectsWith(t, joining, "Expired")]);
});

t.test(
  "what is written but not on the disk is not acknowledged, shown, told or read as history",
  async (t) => {
    const { journal, log } = openSlow();
    const told: number[] = [];
    await log.subscribe(0, (events) => told.push(...events.map(({ revision }) => revision)));
    const acknowledged: string[] = [];
    const write = (key: string, expected = 0): void =>
      void log.commit(put(key, "x", expected)).then(({ applied }) => acknowledged.push(`${key} ${applied}`));
    write("/a");
    await settle();
    write("/b");
    write("/a");
    await settle();
    t.equal(journal.appends, 1, "what comes while the disk is busy waits for the next transaction");
    const late: number[] = [];
    await log.subscribe(0, (events) => late.push(...events.map(({ revision }) => revision)));
    t.equal(log.revision(), 0);
    t.same([await log.get("/a"), (await log.range({ prefix: "/" })).records], [undefined, []]);
    t.same([acknowledged, told, late], [[], [], []]);
    journal.land();
    await settle();
    t.same([acknowledged, told, late, log.revision()], [["/a true"], [1], [1], 1]);
    journal.land();
    await settle();
    t.same(acknowledged, ["/a true", "/b true", "/a false"]);
    t.same([told, late, journal.appends], [[1, 2], [1, 2], 2]);
  },
);

t.test("what the disk has not taken is never acknowledged, and nothing shows of it", async (t) => {
  const { journal, log } = openSlow();
  const first = log.commit(put("/a", "1", 0));
  await settle();
  const second = log.commit(put("/a", "2", 1));
  journal.land(new Error("disk on fire"));
  await rejectsWith(t, first, "ServiceUnavailable", /read-only: disk on fire/);
  await rejectsWith(t, second, "ServiceUnavailable", /read-only: disk on fire/);
  t.same([log.revision(), await log.get("/a"), journal.appends], [0, undefined, 1]);
  const history: LogEvent[] = [];
  await log.subscribe(0, (events) => history.push(...events));
  t.same(history, []);
});

t.test("a log that is closed waits for what is on its way to the disk", async (t) => {
  const { journal, log } = openSlow();
  const write = log.commit(put("/a", "1", 0));
  await settle();
  const closing = log[Symbol.asyncDispose]();
  journal.land();
  await closing;
  t.match(await write, { applied: true, revision: 1 });
});

t.test("history is not there any more as soon as its compaction has begun", async (t) => {
  const { journal, log } = openSlow();
  for (let revision = 0; revision < 3; revision += 1) {
    const write = log.commit(put("/a", "x", revision));
    await settle();
    journal.land();
    await write;
  }
  const compacting = log.compact(2);
  await rejectsWith(
    t,
    log.subscribe(0, () => {}),
    "Expired",
  );
  journal.land();
  await compacting;
});
