import t from "tap";
import { simulate } from "../simulation.ts";
import { workloads } from "./workloads.ts";

const timeout = 900_000;

t.setTimeout(timeout);
for (const trouble of ["crash", "stale", "unobserved"]) {
  t.test(`${trouble}: at every moment of every workload`, { timeout }, async (t) => {
    const orders = Object.keys(workloads).map((name) => `${trouble}: ${name}`);
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
