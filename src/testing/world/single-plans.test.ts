import t from "tap";
import { simulate } from "../simulation.ts";

/** The rest of them is in single-plans.long.test.ts. */
const orders = ["crash: create and delete", "stale: from files"];
const timeout = 120_000;

t.setTimeout(timeout);
t.test("whatever single thing goes wrong, and when, the end is right", { timeout }, async (t) => {
  for (const { faults, comment = "" } of await simulate(
    new URL("./play-singles.ts", import.meta.url),
    orders,
  )) {
    t.comment(comment);
    t.strictSame(faults, []);
  }
});
