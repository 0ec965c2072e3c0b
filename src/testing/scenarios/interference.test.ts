import t from "tap";
import { simulate } from "../simulation.ts";

const count = Number(process.env.OSTLER_SEEDS ?? 200);
/** Generous: machines that run tests are slow at times. */
const timeout = 60_000 + count * 200;
const first = Number(process.env.OSTLER_SEED ?? 1);

t.setTimeout(timeout);
t.test(
  `after ${count} kinds of trouble each cluster comes to rest as it should be`,
  { timeout },
  async (t) => {
    const seeds = Array.from({ length: count }, (_, index) => String(first + index));
    for (const { faults } of await simulate(new URL("./play-interference.ts", import.meta.url), seeds)) {
      t.same(faults, []);
    }
  },
);
