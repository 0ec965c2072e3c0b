import { flushCompileCache, registerHooks } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Test, TestOpts } from "tap";
import { changedSince, takeProcessState } from "./process-state.ts";
import { endMark } from "./test-processes.ts";

/**
 * The process in which `test-processes.ts` has test files run, one after another, each as if it were alone:
 * it gets a `t` of its own from `tap`, and is over when nothing keeps the process alive any more. Its TAP
 * goes to standard output, then a line with `endMark` and whether another file can follow.
 */
interface Run {
  readonly url: string;
  /** Then it may change its process. */
  readonly alone: boolean;
  readonly test: Test;
  /** The line that ends the TAP; comes last, so that TAP that was cut off is known by its absence. */
  plan: string;
  /** Whether the file itself has been run to its last line, or to an error. */
  loaded: boolean;
  /** Whether all was well when the last test ended; undefined until then. */
  passed: boolean | undefined;
}

const ownScript = import.meta.url;
const ownUrl = "tap-of:";
const tapUrl = import.meta.resolve("tap");
const domainUrl = import.meta.resolve("./tap-domain.ts");
const timeout = Number(process.env.TAP_TIMEOUT) * 1000;
/** How long a file may keep the process alive after its last test. */
const lingerMs = timeout / 30;
/** Modules stay in memory with what their tests made: a process that has grown beyond this is replaced. */
const maxMemoryBytes = 1024 * 1024 * 1024;
let run: Run | undefined;

/** The `t` of the file that is running. */
export function currentTest(): Test {
  if (run === undefined) throw new Error("no test file is running");
  return run.test;
}

registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL;
    if (specifier === "async-hook-domain") return { url: domainUrl, shortCircuit: true };
    if (specifier !== "tap" || from === undefined || from === ownScript) return next(specifier, context);
    if (from === run?.url) return { url: ownUrl + from, format: "module", shortCircuit: true };
    throw new Error(`${from} imports tap; only a test file does, others take its t as an argument`);
  },
  load(url, context, next) {
    if (!url.startsWith(ownUrl)) return next(url, context);
    const source = `import { currentTest } from "${import.meta.url}";
      export * from "${tapUrl}";
      export const t = currentTest();
      export default t;`;
    return { format: "module", source, shortCircuit: true };
  },
});

// Only now: what tap imports is found by the hooks, too.
const tap = await import("tap");
tap.default.setTimeout(0);
process.on("message", (message) => {
  const [file, alone] = Array.isArray(message) ? message : [];
  begin(resolve(String(file)), alone === true);
});
process.on("disconnect", () => process.exit());
process.on("exit", () => run?.test.endAll());
process.on("beforeExit", () => {
  if (run?.passed !== undefined) return end(run);
  run?.test.endAll();
  // One more turn of the event loop, for what tests do when they end.
  setImmediate(() => {});
});
process.stdout.write("");
const usualResources = process.getActiveResourcesInfo();
const clean = takeProcessState();

function begin(file: string, alone: boolean): void {
  // tap names fixtures and snapshots after the script that the process was started with.
  process.argv[1] = file;
  const url = pathToFileURL(file).href;
  const load = (): Promise<void> =>
    import(url).finally(() => {
      begun.loaded = true;
    });
  const options: TestOpts = { name: "TAP", timeout, cb: load };
  const test = new tap.Test(options);
  const begun: Run = { url, alone, test, plan: "", loaded: false, passed: undefined };
  run = begun;
  const limit = test.setTimeout.bind(test);
  test.setTimeout = (ms) => {
    process.send?.(ms);
    limit(ms);
  };
  test.on("data", (line) => {
    if (line.startsWith("1..")) begun.plan = line;
    else process.stdout.write(line);
  });
  test.on("end", () => {
    begun.passed = test.passing();
    limit(0);
    setTimeout(() => end(begun, activeResources()), lingerMs).unref();
  });
  process.channel?.unref();
  test.runMain(() => {});
}

/** `alive`: what keeps the process alive, if something does. */
function end(ended: Run, alive?: string): void {
  if (run !== ended) return;
  run = undefined;
  const planned = Number(/^1\.\.(\d+)/.exec(ended.plan)?.[1]);
  const traces = [
    ...(alive === undefined ? [] : [`keeps the process alive after its last test: ${alive}`]),
    ...(ended.alone ? [] : changedSince(clean)).map((name) => `leaves changed: ${name}`),
  ];
  const complaints = [
    ...traces,
    ...(ended.loaded ? [] : ["waits outside its tests for something that never comes"]),
    ...(ended.passed && !ended.test.passing() ? ["fails after its last test; see standard error"] : []),
    ...(planned === 0 ? ["has no tests"] : []),
  ];
  for (const complaint of complaints) process.stdout.write(`not ok - ${complaint}\n`);
  process.stdout.write(complaints.length === 0 ? ended.plan : `1..${planned + complaints.length}\n`);
  process.channel?.ref();
  // This process will be killed, and does not get to it then.
  flushCompileCache();
  process.stdout.write(`${endMark}${traces.length === 0 && process.memoryUsage.rss() < maxMemoryBytes}\n`);
}

function activeResources(): string {
  const resources = process.getActiveResourcesInfo();
  for (const usual of usualResources) {
    const at = resources.indexOf(usual);
    if (at >= 0) resources.splice(at, 1);
  }
  return resources.join(", ");
}
