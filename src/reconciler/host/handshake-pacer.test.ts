import t from "tap";
import { ManualClock } from "../../testing/manual-clock.ts";
import { HandshakePacer } from "./handshake-pacer.ts";

function fixture(count: number, hasFailed = false) {
  const clock = new ManualClock();
  const pacer = new HandshakePacer({ clock, perSecond: 20, burst: 10 });
  const begun: { readonly name: string; readonly atMs: number }[] = [];
  const stop = new AbortController();
  const wants = (name: string, failed = hasFailed, signal = stop.signal): void => {
    pacer.turn(failed, signal).then(
      () => begun.push({ name, atMs: clock.monotonic() }),
      () => undefined,
    );
  };
  for (let index = 0; index < count; index++) wants(`host-${index}`);
  return { clock, begun, wants, stop };
}

t.test(
  "a thousand hosts begin within a minute, in order, and never more than thirty in a second",
  async (t) => {
    const { clock, begun } = fixture(1000);
    await clock.advance(60_000);
    t.equal(begun.length, 1000);
    t.ok((begun.at(-1)?.atMs ?? 0) < 51_000, `the last after ${begun.at(-1)?.atMs} ms`);
    for (const { atMs } of begun) {
      const within = begun.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1000).length;
      if (within > 30) t.fail(`${within} within the second from ${atMs} ms`);
    }
    t.strictSame(
      begun.map(({ name }) => name),
      Array.from({ length: 1000 }, (_, index) => `host-${index}`),
    );
    t.equal(clock.pendingTimers, 0);
  },
);

t.test("after a rest a few begin at once", async (t) => {
  const { clock, begun, wants } = fixture(10);
  await clock.advance(0);
  t.equal(begun.length, 10);
  await clock.advance(60_000);
  for (let index = 0; index < 11; index++) wants(`later-${index}`);
  await clock.advance(0);
  t.equal(begun.length, 20);
  await clock.advance(50);
  t.equal(begun.length, 21);
});

t.test("a host that has not failed goes before a thousand that have", async (t) => {
  const { clock, begun, wants } = fixture(1000, true);
  await clock.advance(0);
  wants("alive", false);
  await clock.advance(50);
  t.equal(begun.at(-1)?.name, "alive");
});

t.test("who gives up waiting takes no turn and leaves no timer", async (t) => {
  const { clock, begun, stop } = fixture(100);
  await clock.advance(0);
  stop.abort(new Error("enough"));
  await clock.advance(60_000);
  t.equal(begun.length, 10);
  t.equal(clock.pendingTimers, 0);
});
