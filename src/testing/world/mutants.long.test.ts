import t from "tap";
import { type Hunt, hunt } from "./hunt-mutants.ts";
import { mutants } from "./mutants.ts";

const maxSeeds = 150;
const hunts = [1, 2, 3];
const timeout = 2_400_000;

/** Some bugs are shy: where one hunt finds nothing another one goes out. */
async function huntDown(name: string): Promise<Hunt | undefined> {
  for (const first of hunts) {
    const found = await hunt({ name, trials: 1, first, maxSeeds });
    if (found.seeds[0] !== undefined) return found;
  }
  return undefined;
}

t.setTimeout(2 * timeout);
t.test("every planted bug is caught, by an invariant that it breaks", { timeout }, async (t) => {
  t.ok(Object.keys(mutants).length >= 15);
  for (const [name, { breaks }] of Object.entries(mutants)) {
    const found = await huntDown(name);
    t.ok(
      found?.found.some((id) => breaks.includes(id)),
      `${name}: by one of ${breaks.join(", ")}`,
    );
  }
});
