import t from "tap";
import { parseDuration } from "./duration.ts";

t.test("durations are read in the usual units; a plain number is seconds", async (t) => {
  for (const [text, ms] of [
    ["500ms", 500],
    ["60s", 60_000],
    ["1.5m", 90_000],
    ["2h", 7_200_000],
    ["30d", 2_592_000_000],
    ["5", 5000],
    ["0", 0],
  ] as const) {
    t.equal(parseDuration(text), ms, text);
  }
  for (const text of ["", "-1s", "1w", "s", "1s1", "1e3"])
    t.throws(() => parseDuration(text), { name: "UsageError" });
});
