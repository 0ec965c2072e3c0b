import t from "tap";
import { ManualClock } from "../../testing/manual-clock.ts";
import { Watchdog } from "./watchdog.ts";

t.test("it barks when nothing has moved for a minute, and not before or afterwards", async (t) => {
  const clock = new ManualClock();
  const watchdog = new Watchdog(clock);
  await clock.advance(59_000);
  watchdog.touch();
  await clock.advance(59_000);
  t.equal(watchdog.signal.aborted, false);
  await clock.advance(1_000);
  t.match(watchdog.signal.reason, { message: "nothing moved for 60000 ms" });
  const stopped = new Watchdog(clock);
  stopped.stop();
  await clock.advance(120_000);
  t.equal(stopped.signal.aborted, false);
});
