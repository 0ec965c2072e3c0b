import t from "tap";
import { simulate } from "../simulation.ts";
import { scenarioNames } from "../world/update-golden.ts";

const timeout = 300_000;

t.setTimeout(timeout);
t.test("each scenario has the operator's log that was agreed to", { timeout }, async (t) => {
  const names = scenarioNames();
  t.ok(names.length >= 40, "one for each documented behaviour");
  const reports = await simulate(new URL("./play-golden.ts", import.meta.url), names);
  for (const [index, { faults }] of reports.entries()) {
    t.strictSame(faults, [], `${names[index]}; npm run sim -- --update-golden writes the log anew`);
  }
});
