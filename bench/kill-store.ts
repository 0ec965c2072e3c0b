// Kills a process that writes to a store, many times, and tells what was lost.
// Usage: node bench/kill-store.ts [kills]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killLoop } from "../src/testing/kill-loop.ts";

const directory = mkdtempSync(join(tmpdir(), "ostler-kill-"));
try {
  const report = await killLoop(directory, Number(process.argv[2] ?? 300), 400);
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = report.problems.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
