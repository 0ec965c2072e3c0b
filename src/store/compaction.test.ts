import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { keepCompacted } from "./compaction.ts";
import { openMemoryLog } from "./memory-log.ts";

async function write(log: ReturnType<typeof openMemoryLog>, count: number): Promise<void> {
  const start = log.revision();
  const writes = Array.from({ length: count }, (_, i) =>
    log.commit({ key: `/k/${start + i}`, value: "x", expected: 0 }),
  );
  await Promise.all(writes);
}

t.test("history is kept for its time and then forgotten", async (t) => {
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  const abort = new AbortController();
  await write(log, 10);
  const running = keepCompacted({ log, clock, retentionMs: 60_000 }, abort.signal);
  await clock.advance(30_000);
  await write(log, 10);
  await clock.advance(29_000);
  t.equal(log.compactedRevision(), 0);
  await clock.advance(1000);
  t.equal(log.compactedRevision(), 10);
  await clock.advance(30_000);
  t.equal(log.compactedRevision(), 10, "written after the look at 30 s");
  await clock.advance(10_000);
  t.equal(log.compactedRevision(), 20);
  abort.abort();
  await running;
  t.equal(clock.pendingTimers, 0);
});

t.test("history never holds more than its number of revisions for long", async (t) => {
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  const abort = new AbortController();
  const running = keepCompacted({ log, clock, maxRevisions: 100 }, abort.signal);
  await write(log, 250);
  await clock.advance(10_000);
  t.equal(log.compactedRevision(), 150);
  abort.abort();
  await running;
});

t.test("it fails with the log", async (t) => {
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  await write(log, 10);
  await log[Symbol.asyncDispose]();
  const running = keepCompacted({ log, clock, maxRevisions: 5 }, new AbortController().signal);
  await running.then(
    () => t.fail("went on"),
    (error: unknown) => t.match(error, { reason: "ServiceUnavailable" }),
  );
});
