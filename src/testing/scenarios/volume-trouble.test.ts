import t from "tap";
import { seedsToPlay } from "../seeds.ts";
import { simulate } from "../simulation.ts";

const { from, count } = seedsToPlay({ quick: 25, full: 100 });
/** Generous: machines that run tests are slow at times. */
const timeout = 60_000 + count * 400;

t.setTimeout(timeout);
t.test(
  `after ${count} kinds of trouble each volume is whole, in one place and in no two hands`,
  { timeout },
  async (t) => {
    const seeds = Array.from({ length: count }, (_, index) => String(from + index));
    for (const { faults } of await simulate(new URL("./play-volumes.ts", import.meta.url), seeds)) {
      t.same(faults, []);
    }
  },
);
