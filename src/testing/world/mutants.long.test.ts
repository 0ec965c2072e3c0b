import t from "tap";
import { hunt } from "./hunt-mutants.ts";
import { mutants } from "./mutants.ts";

const maxSeeds = 400;
const timeout = 1_200_000;

t.setTimeout(2 * timeout);
t.test("every planted bug is caught, by an invariant that it breaks", { timeout }, async (t) => {
  t.ok(Object.keys(mutants).length >= 15);
  for (const [name, { breaks }] of Object.entries(mutants)) {
    const { seeds, found } = await hunt({ name, trials: 1, maxSeeds });
    t.ok(seeds[0] !== undefined, `${name}: caught after ${seeds[0]} seeds`);
    t.ok(
      found.some((id) => breaks.includes(id)),
      `${name}: by ${found.join(", ")}, one of ${breaks.join(", ")}`,
    );
  }
});
