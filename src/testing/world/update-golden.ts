import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tellScenario } from "./scenario.ts";

/** Where the scenarios are, each in a folder with its steps, its manifests and its golden log. */
export const scenarioFolder = fileURLToPath(new URL("../scenarios/", import.meta.url));

/** The names of all scenarios. */
export function scenarioNames(): readonly string[] {
  return readdirSync(scenarioFolder).filter((name) => existsSync(join(scenarioFolder, name, "steps.txt")));
}

/** Makes what the scenarios tell now their golden logs: to be read, line by line, before it is committed. */
export async function updateGolden(say: (line: string) => void): Promise<void> {
  for (const name of scenarioNames()) {
    const folder = join(scenarioFolder, name);
    writeFileSync(join(folder, "golden.log"), await tellScenario(folder));
  }
  say(`${scenarioNames().length} logs written; read what git shows of them`);
}
