import t from "tap";
import { simulate } from "../simulation.ts";

const count = Number(process.env.OSTLER_SEEDS ?? 100);
/** Generous: machines that run tests are slow at times. */
const timeout = 60_000 + count * 400;
const first = Number(process.env.OSTLER_SEED ?? 1);

t.setTimeout(timeout);
t.test(
  `after ${count} kinds of trouble each volume is whole, in one place and in no two hands`,
  { timeout },
  async (t) => {
    const seeds = Array.from({ length: count }, (_, index) => String(first + index));
    for (const { faults } of await simulate(new URL("./play-volumes.ts", import.meta.url), seeds)) {
      t.same(faults, []);
    }
  },
);
