import t from "tap";
import { simulate } from "../simulation.ts";

const timeout = 900_000;

t.setTimeout(timeout);
t.test("whatever two things go wrong together, the end is right", { timeout }, async (t) => {
  for (const { faults, comment = "" } of await simulate(new URL("./play-pairs.ts", import.meta.url), [
    "100 from 1",
  ])) {
    t.comment(comment);
    t.strictSame(faults, []);
  }
});
