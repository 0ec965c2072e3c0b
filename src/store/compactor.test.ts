import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { Compactor } from "./compactor.ts";
import { openMemoryLog } from "./memory-log.ts";

t.test("history is kept for the time asked for, then forgotten; states stay", async (t) => {
  const clock = new ManualClock();
  await using log = openMemoryLog(clock);
  const stop = new AbortController();
  const running = new Compactor({ log, clock, keepMs: 1000 }).run(stop.signal);
  for (const value of ["1", "2", "3"]) {
    const current = await log.get("/a");
    const commit = log.commit({ key: "/a", value, expected: current?.revision ?? 0 });
    await clock.advance(0);
    await commit;
  }
  await clock.advance(1000);
  t.equal(log.compactedRevision(), 0, "written since the last round: kept for another one");
  await clock.advance(1000);
  t.equal(log.compactedRevision(), 3);
  t.match(await log.get("/a"), { value: "3" });
  stop.abort();
  await running;
});
