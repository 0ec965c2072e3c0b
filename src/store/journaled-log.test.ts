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

t.test("a subscriber that is overtaken by compaction while it reads history is told so", async (t) => {
  const clock = new ManualClock();
  const log = new JournaledLog(new MemoryJournal(), emptyState, clock);
  await Promise.all(Array.from({ length: 3000 }, (_, i) => log.commit(put(`/k/${i}`, "x", 0))));
  const joining = log.subscribe(0, () => {});
  await Promise.all([log.compact(3000), log.compact(3000), rejectsWith(t, joining, "Expired")]);
});
