import t from "tap";
import { hunt } from "./hunt-mutants.ts";
import { mutants } from "./mutants.ts";
import { caughtIn } from "./mutants-caught.ts";

/** Where plays have changed and the seeds that caught a bug no longer do, so many others are played. */
const maxSeeds = 150;
const timeout = 1_200_000;

t.setTimeout(timeout);
t.test("every planted bug is caught, by an invariant that it breaks", { timeout }, async (t) => {
  t.ok(Object.keys(mutants).length >= 36);
  t.strictSame(Object.keys(caughtIn).sort(), Object.keys(mutants).sort());
  for (const [name, { breaks }] of Object.entries(mutants)) {
    const before = caughtIn[name] ?? [];
    const { found, seeds } = await hunt({ name, trials: 1, maxSeeds, before });
    if (seeds[0] !== 0) t.comment(`${name}: not by the seeds that are known`);
    t.ok(
      found.some((id) => breaks.includes(id)),
      `${name}: by one of ${breaks.join(", ")}`,
    );
  }
});
