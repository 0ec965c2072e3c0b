import t from "tap";
import { simulate } from "../simulation.ts";
import { workloads } from "./workloads.ts";

const timeout = 900_000;

/** All of them take most of an hour: `npm run sim -- --plans`. */
const every = 5;

t.setTimeout(timeout);
for (const trouble of ["crash", "stale", "unobserved"]) {
  t.test(`${trouble}: at every fifth moment of every workload`, { timeout }, async (t) => {
    const orders = Object.keys(workloads).map((name) => `${trouble}: ${name}: ${every}`);
    t.ok(orders.length >= 12);
    for (const { faults, comment = "" } of await simulate(
      new URL("./play-singles.ts", import.meta.url),
      orders,
    )) {
      t.comment(comment);
      t.strictSame(faults, []);
    }
  });
}
