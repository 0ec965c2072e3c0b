import t from "tap";
import { formatTime } from "../../runtime/clock.ts";
import { start } from "../../testing/machine-fixture.ts";
import { formatTimeUp, runEndedEarly, startDelayMs, startFailed, startWaitMs } from "./backoff.ts";

t.test("the delay grows with the square of the failures up to five minutes", async (t) => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 1000].map((count) => startDelayMs(count) / 1000);
  t.same(delays, [0, 10, 40, 90, 160, 250, 300, 300, 300]);
});

t.test("a start that failed waits from the first time on", async (t) => {
  const first = startFailed(undefined, "no memory", start);
  t.match(first, { consecutiveFailCount: 1, message: "no memory" });
  t.equal(startWaitMs(first, start), 10_000);
  t.equal(startWaitMs(startFailed(first, "no memory", start), start), 40_000);
});

t.test(
  "runs that end early are followed by the next at once three times, then with growing waits",
  async (t) => {
    const waits: number[] = [];
    let failure: ReturnType<typeof runEndedEarly> | undefined;
    for (let count = 1; count <= 10; count++) {
      failure = runEndedEarly(failure, "killed", start);
      t.equal(failure.consecutiveFailCount, count);
      waits.push(startWaitMs(failure, start) / 1000);
    }
    t.same(waits, [0, 0, 0, 10, 40, 90, 160, 250, 300, 300]);
  },
);

t.test("a start at once is at once within a second, too", async (t) => {
  t.equal(startWaitMs(runEndedEarly(undefined, "killed", start + 400), start + 400), 0);
});

t.test("a wait is never shorter than asked, though times are kept in whole seconds", async (t) => {
  for (const ms of [0, 1, 499, 999]) {
    const wait = startWaitMs(startFailed(undefined, "", start + ms), start + ms);
    t.ok(wait >= 10_000 && wait < 11_000, `${ms}: ${wait}`);
  }
  t.equal(formatTimeUp(start + 1), formatTime(start + 1000));
  t.equal(formatTimeUp(start), formatTime(start));
});

t.test("a wait ends, and a clock that has leapt back does not prolong it", async (t) => {
  const failure = startFailed(undefined, "", start);
  t.equal(startWaitMs(failure, start + 10_000), 0);
  t.equal(startWaitMs(failure, start + 99_000), 0);
  t.equal(startWaitMs(failure, start - 3_600_000), 0);
  t.equal(startWaitMs(undefined, start), 0);
});

t.test("a long message is cut", async (t) => {
  t.equal(startFailed(undefined, "x".repeat(10_000), start).message.length, 4096);
});
