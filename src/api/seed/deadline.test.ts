import t from "tap";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { startSeed } from "../../testing/seed-fixture.ts";
import { inTime } from "./deadline.ts";

t.test("what is not done in time has failed, and who waits may go earlier", async (t) => {
  await using seed = await startSeed();
  const { clock } = seed.cluster;
  const settings = { errorShape: "zero", timeoutMs: 5_000, namespace: "default" } as const;
  const never = (signal: AbortSignal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const late = inTime({ clock, settings }, new AbortController().signal, never);
  const expected = rejectsWith(t, late, "Timeout", "not done within 5 s");
  await clock.advance(5_000);
  await expected;
  const stop = new AbortController();
  const ended = inTime({ clock, settings }, stop.signal, never);
  stop.abort(new Error("gone"));
  await t.rejects(ended, { message: "gone" });
  t.equal(await inTime({ clock, settings }, stop.signal, async () => "done"), "done");
});
