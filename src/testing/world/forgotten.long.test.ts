import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";

// In a process of its own: a test runner keeps hold of what its tests wait for.
t.test("of a world that is over nothing stays in memory, whatever its dead waited for", async (t) => {
  const script = join(import.meta.dirname, "forgotten.ts");
  const env = { ...process.env, NODE_OPTIONS: "" };
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script, "12"], { env });
  t.equal(stdout.trim(), "0 of 12");
});
