import { readFileSync } from "node:fs";
import { processTerminal } from "./cli/process-terminal.ts";
import { runProgram } from "./cli/program.ts";
import { systemClock } from "./runtime/clock.ts";

/** One line of standard input. */
async function readLine(): Promise<string> {
  const { createInterface } = await import("node:readline");
  for await (const line of createInterface({ input: process.stdin })) return line;
  return "";
}

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Aborted by SIGTERM or SIGINT; a second one ends the process at once. */
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) {
  process.once(name, () => {
    stop.abort();
    process.once(name, () => process.exit(130));
  });
}

process.exitCode = await runProgram(process.argv.slice(2), {
  version,
  serve: async (config) => {
    const { serve } = await import("./serve.ts");
    await serve({ config, version, signal: stop.signal });
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  clock: systemClock,
  signal: stop.signal,
  readStdin: async () => (await import("node:stream/consumers")).text(process.stdin),
  readLine,
  terminal: processTerminal(process.stdin, process.stdout),
});
