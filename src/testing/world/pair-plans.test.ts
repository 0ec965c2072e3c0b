import t from "tap";
import { simulate } from "../simulation.ts";

const timeout = 120_000;

t.setTimeout(timeout);
t.test("some of the ways in which two things go wrong together end well", { timeout }, async (t) => {
  for (const { faults, comment = "" } of await simulate(new URL("./play-pairs.ts", import.meta.url), [
    "12 from 1001",
  ])) {
    t.comment(comment);
    t.strictSame(faults, []);
  }
});
