import t from "tap";
import { ManualClock } from "../../testing/manual-clock.ts";
import { watchSilence } from "./silence.ts";

t.test("a host is silent eight seconds after its last word, and not any more when it speaks", async (t) => {
  const clock = new ManualClock();
  const stop = new AbortController();
  const told: { readonly isSilent: boolean; readonly atMs: number }[] = [];
  let heardAtMs = 0;
  const watching = watchSilence(
    {
      clock,
      limitMs: 8_000,
      heardAtMs: () => heardAtMs,
      told: (isSilent) => told.push({ isSilent, atMs: clock.monotonic() }),
    },
    stop.signal,
  );
  for (let round = 0; round < 20; round++) {
    await clock.advance(5_000);
    heardAtMs = clock.monotonic();
  }
  t.strictSame(told, []);
  await clock.advance(20_000);
  t.strictSame(told, [{ isSilent: true, atMs: 108_000 }]);
  heardAtMs = clock.monotonic();
  await clock.advance(1_000);
  t.match(told, [{}, { isSilent: false }]);
  stop.abort();
  await watching;
  t.equal(clock.pendingTimers, 0);
});
