import t from "tap";
import { simulate } from "../simulation.ts";
import { workloads } from "./play-crashes.ts";

t.setTimeout(120_000);
t.test("a controller that dies between any two effects", { timeout: 120_000 }, async (t) => {
  const names = Object.keys(workloads);
  const reports = await simulate(new URL("./play-crashes.ts", import.meta.url), names);
  for (const [index, { faults, comment }] of reports.entries()) {
    t.same(faults, [], `comes to the same end: ${names[index]} (${comment})`);
  }
});
