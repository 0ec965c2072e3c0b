import t from "tap";
import { Process } from "./process.ts";
import { SimClock } from "./sim-clock.ts";
import { streamOf } from "./stream.ts";

t.test("who waits for less than the clock can tell is woken, and a little later", async (t) => {
  const time = new SimClock(streamOf(1, "scheduling"));
  const { clock } = new Process({ name: "p", time });
  await time.runFor(1_000_000);
  const beganMs = clock.monotonic();
  let rounds = 0;
  const wait = async (): Promise<void> => {
    for (; clock.monotonic() <= beganMs; rounds++) await clock.sleep(Number.EPSILON);
  };
  void wait();
  await time.runFor(1);
  t.equal(rounds, 1);
});

t.test("who waits for nothing is woken at once", async (t) => {
  const time = new SimClock(streamOf(1, "scheduling"));
  const { clock } = new Process({ name: "p", time });
  const woken: number[] = [];
  void clock.sleep(0).then(() => woken.push(clock.monotonic()));
  await time.runFor(1);
  t.same(woken, [0]);
});
