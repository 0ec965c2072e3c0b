import t from "tap";
import { Process } from "./process.ts";
import { SimClock } from "./sim-clock.ts";
import { streamOf } from "./stream.ts";
import { Watchdog } from "./watchdog.ts";

function newTime() {
  const time = new SimClock(streamOf(1, "scheduling"));
  return { time, process: new Process({ name: "p", time }) };
}

t.test(
  "events that follow one another without time passing end the play, and say whose they are",
  async (t) => {
    const { time } = newTime();
    const again = (): void => void time.schedule(0.000_001, again);
    again();
    await t.rejects(time.runFor(1_000), { message: /time stands still.*watchdog.test.ts:\d+/ });
  },
);

t.test("so does a loop of promises, which lets no event fire", async (t) => {
  const { time, process } = newTime();
  const spin = async (): Promise<void> => {
    while (!time.watchdog.hasBitten) {
      process.clock.monotonic();
      await undefined;
    }
  };
  time.schedule(10, () => void spin());
  await t.rejects(time.runFor(1_000), { message: /time stands still.*watchdog.test.ts:\d+/ });
  t.equal(time.elapsedMs, 10);
});

t.test("a loop that waits for nothing is ended by an error", async (t) => {
  const { process } = newTime();
  t.throws(() => {
    for (;;) process.clock.now();
  }, /something spins/);
});

t.test("a play has a last event, and one that goes on as it should is let be", async (t) => {
  const bites: string[] = [];
  const watchdog = new Watchdog(({ message }) => bites.push(message), { events: 1_000, standing: 10 });
  for (let atMs = 1; atMs <= 1_000; atMs++) watchdog.fired(atMs);
  t.strictSame(bites, []);
  watchdog.scheduled();
  watchdog.fired(1_001);
  watchdog.fired(1_002);
  t.equal(bites.length, 1, "it bites once");
  t.match(bites[0], /does not end: 1000 events; the last were by .*watchdog.test.ts:\d+/);
});
