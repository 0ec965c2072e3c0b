import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { onDemand } from "./on-demand.ts";

interface Loaded {
  readonly number: number;
}

t.test("a module is loaded when it is first asked for, and once", async (t) => {
  const directory = t.testdir({});
  const from = pathToFileURL(join(directory, "asking.ts")).href;
  const later = onDemand<Loaded>(from, "./later.ts");
  t.throws(later, { code: "MODULE_NOT_FOUND" });
  await writeFile(join(directory, "later.ts"), "export const number: number = 7;\n");
  t.equal(later().number, 7);
  await writeFile(join(directory, "later.ts"), "export const number: number = 8;\n");
  t.equal(later().number, 7);
});
