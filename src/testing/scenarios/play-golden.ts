import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inThread, type Report } from "../simulation.ts";
import { tellScenario } from "../world/scenario.ts";
import { scenarioFolder } from "../world/update-golden.ts";

/** Plays a scenario and compares its log with the golden one. */
async function play(name: string): Promise<Report> {
  const folder = join(scenarioFolder, name);
  const told = await tellScenario(folder);
  const breaches = told.match(/^.*BREACH of .*$/gm) ?? [];
  const golden = join(folder, "golden.log");
  const expected = existsSync(golden) ? readFileSync(golden, "utf8") : "";
  return { faults: [...breaches, ...differences(expected, told)] };
}

/** The first line in which two logs differ. */
function differences(expected: string, told: string): readonly string[] {
  if (expected === told) return [];
  const [before, after] = [expected.split("\n"), told.split("\n")];
  const at = after.findIndex((line, index) => line !== before[index]);
  const index = at === -1 ? after.length : at;
  return [`line ${index + 1} should be "${before[index] ?? ""}", is "${after[index] ?? ""}"`];
}

await inThread(play);
