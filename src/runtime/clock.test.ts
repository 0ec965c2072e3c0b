import t from "tap";
import { formatMicroTime, formatTime, parseTime, systemClock } from "./clock.ts";

t.test("times are written as Kubernetes reads them, and read back", async (t) => {
  const epochMs = 1_767_225_600_123;
  t.equal(formatTime(epochMs), "2026-01-01T00:00:00Z");
  t.equal(formatMicroTime(epochMs), "2026-01-01T00:00:00.123000Z");
  t.equal(parseTime(formatMicroTime(epochMs)), epochMs);
  t.ok(Number.isNaN(parseTime("yesterday")));
});

t.test("the machine's clock calls back once, unless it is called off", async (t) => {
  const began = systemClock.monotonic();
  const calls: string[] = [];
  const cancelled = systemClock.after(1, () => calls.push("cancelled"));
  cancelled.cancel();
  cancelled.cancel();
  systemClock.after(2, () => calls.push("kept"));
  await systemClock.sleep(20);
  t.strictSame(calls, ["kept"]);
  t.ok(systemClock.monotonic() - began >= 19);
});

t.test("a sleep ends when its signal is aborted, also before it began", async (t) => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort(new Error("enough"));
  await t.rejects(sleeping, { message: "enough" });
  await t.rejects(systemClock.sleep(60_000, abort.signal), { message: "enough" });
  await systemClock.sleep(0);
});

t.test("a yield lets I/O callbacks run", async (t) => {
  let ran = false;
  setImmediate(() => {
    ran = true;
  });
  await systemClock.yield();
  t.ok(ran);
});
