import { readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import t, { TapFile } from "tap";
import { TestProcesses } from "./test-processes.ts";

/**
 * Runs test files as subtests of tap: `run-tests.ts [--quick] FILE_OR_FOLDER...`. Most share a few processes,
 * for to start one takes longer than most files do. A file has a process of its own when it starts real
 * daemons, when it is named *.long.test.ts, or when a line of it says `// own process: WHY`. With `--quick`
 * the first two kinds are left out, and simulations are asked to play fewer seeds (`seeds.ts`).
 */
interface TestFile {
  readonly path: string;
  readonly heavy: boolean;
  readonly alone: boolean;
}

const quick = process.argv.includes("--quick");
const paths = process.argv.slice(2).filter((word) => word !== "--quick");
const daemon = "libvirt-host.ts";
/** What starts a real libvirtd: `daemon`, and the helpers that are built on it. */
const daemons = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".ts"))
  .filter(
    (name) => name === daemon || importsAny(readFileSync(join(import.meta.dirname, name), "utf8"), [daemon]),
  );

process.env.TAP_TIMEOUT ??= "300";
if (quick) process.env.OSTLER_QUICK = "1";
t.setTimeout(0);
// One more than there are cores, for tests wait at times; of what starts real daemons no more than two.
t.jobs = quick ? Math.min(availableParallelism() + 1, 8) : 2;

// Backwards: the simulations come last in the alphabet, take longest, and so begin first.
const files = [...new Set(paths.flatMap(testFilesAt))].sort().reverse().map(describe);
const wanted = files.filter(({ heavy }) => !(quick && heavy));
if (wanted.length === 0) t.fail(`no test files at ${paths.join(" ")}`, { at: null, stack: "" });
const processes = new TestProcesses();
await Promise.all(wanted.map(runFile));
processes[Symbol.dispose]();

async function runFile({ path, alone }: TestFile): Promise<void> {
  const tapStream = Readable.from(run());
  await t.sub(TapFile, { name: path, tapStream, buffered: true, at: null, stack: "" });

  /** Begins when tap first asks for what it says. */
  async function* run(): AsyncGenerator<string> {
    yield await processes.run(path, alone);
  }
}

function testFilesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => join(path, name));
}

function describe(path: string): TestFile {
  const text = readFileSync(path, "utf8");
  const heavy = path.endsWith(".long.test.ts") || importsAny(text, daemons);
  return { path, heavy, alone: heavy || /^\/\/ own process: ./m.test(text) };
}

function importsAny(text: string, names: readonly string[]): boolean {
  return names.some((name) => text.includes(`/${name}"`));
}
