import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t, { type Test } from "tap";

const script = new URL("run-tests.ts", import.meta.url).pathname;
const tap = 'import t from "tap";\n';

interface Planted {
  readonly is: string;
  readonly source: string;
  /** What the report says of it. */
  readonly says: RegExp;
}

const faults: readonly Planted[] = [
  {
    is: "a failed assertion",
    source: 't.test("a", async (t) => {\n  t.equal("this", "that", "same word");\n});',
    says: /not ok 1 - same word[\s\S]*lineNumber: 3[\s\S]*-that\s+\+this/,
  },
  {
    is: "an error in a test",
    source: 't.test("a", async () => {\n  throw new Error("planted");\n});',
    says: /not ok 1 - planted[\s\S]*lineNumber: 3/,
  },
  { is: "an error outside any test", source: 'throw new Error("planted");', says: /not ok 1 - planted/ },
  { is: "what is no TypeScript", source: "const = 1;", says: /not ok 1 - / },
  { is: "an import that is not there", source: 'import "./gone.ts";', says: /not ok 1 - Cannot find module/ },
  {
    is: "a rejection that nobody waits for",
    source: `t.test("a", async (t) => {
      Promise.reject(new Error("planted"));
      await new Promise((resolve) => setImmediate(resolve));
      t.pass();
    });`,
    says: /not ok 1 - planted/,
  },
  {
    is: "an error of one of two tests that run at once",
    source: `t.jobs = 2;
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    t.test("bad", async () => {
      setTimeout(() => { throw new Error("planted"); }, 20);
      await wait(200);
    });
    t.test("good", async (t) => {
      await wait(100);
      t.pass();
    });`,
    says: /not ok 1 - planted[\s\S]*not ok 1 - bad[\s\S]*\n +ok 2 - good/,
  },
  {
    is: "an error after the last test",
    source: 't.test("a", async (t) => t.pass());\nsetTimeout(() => { throw new Error("planted"); }, 20);',
    says: /not ok - (fails after its last test|the process ended with code)/,
  },
  {
    is: "process.exit in a test",
    source: 't.test("a", async (t) => { t.pass(); process.exit(0); });',
    says: /not ok - the process ended with code 0/,
  },
  {
    is: "process.exit after the last test",
    source: 't.test("a", async (t) => t.pass());\nsetTimeout(() => process.exit(0), 20);',
    says: /not ok - the process ended with code 0/,
  },
  {
    is: "a killed process",
    source: 't.test("a", async (t) => { t.pass(); process.kill(process.pid, "SIGKILL"); });',
    says: /not ok - the process ended with SIGKILL/,
  },
  {
    is: "a wait for nothing",
    source: 't.test("a", async (t) => { t.pass(); await new Promise(() => {}); });',
    says: /not ok 2 - test unfinished/,
  },
  {
    is: "a wait for nothing outside any test",
    source: 't.test("a", async (t) => t.pass());\nawait new Promise(() => {});',
    says: /not ok - waits outside its tests/,
  },
  {
    is: "a plan that is not kept",
    source: 't.plan(2);\nt.test("a", async (t) => t.pass());',
    says: /not ok 2 - test count\(1\) != plan\(2\)/,
  },
  { is: "no tests", source: "", says: /not ok - has no tests/ },
  { is: "a plan of no tests", source: 't.plan(0, "no mood");', says: /not ok - has no tests/ },
  {
    is: "a changed environment",
    source: 'process.env.PLANTED = "1";\nt.test("a", async (t) => t.pass());',
    says: /not ok - leaves changed: process\.env\.PLANTED/,
  },
  {
    is: "a changed working directory",
    source: 'process.chdir("/");\nt.test("a", async (t) => t.pass());',
    says: /not ok - leaves changed: the working directory/,
  },
  {
    is: "a handler of signals",
    source: 'process.on("SIGUSR2", () => {});\nt.test("a", async (t) => t.pass());',
    says: /not ok - leaves changed: listeners of SIGUSR2/,
  },
  {
    is: "a changed global",
    source: 'globalThis.fetch = async () => new Response();\nt.test("a", async (t) => t.pass());',
    says: /not ok - leaves changed: globalThis\.fetch/,
  },
];

/** What only a time limit ends. */
const endless: readonly Planted[] = [
  {
    is: "a wait that something keeps up",
    source: 'setInterval(() => {}, 1000);\nt.test("a", () => new Promise(() => {}));',
    says: /not ok 1 - timeout!/,
  },
  {
    is: "a loop without end",
    source: 't.test("a", async () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));',
    says: /not ok - the process ended with SIGKILL/,
  },
  {
    is: "an open handle",
    source: 't.test("a", async (t) => t.pass());\nsetInterval(() => {}, 1000);',
    says: /not ok - keeps the process alive after its last test: Timeout$/m,
  },
];

interface Report {
  readonly code: unknown;
  readonly totals: string | undefined;
  /** What is said of the file of this name. */
  about(name: string): string;
}

/** What the runner says of files that are planted by name, in a directory of their own. */
async function run(t: Test, files: Readonly<Record<string, string>>, limitSeconds = 300): Promise<Report> {
  const sources = Object.entries(files).map(([name, source]) => [`${name}.test.ts`, tap + source]);
  const directory = t.testdir(Object.fromEntries(sources));
  const env = { ...process.env, TAP_TIMEOUT: String(limitSeconds) };
  const child = spawn(process.execPath, [script, directory], { env, stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const told = await text(child.stdout);
  const [code] = await exited;
  const sections = told.split(/^# Subtest: /m).slice(1);
  return {
    code,
    totals: /^# (\{ total: .*\})$/m.exec(told)?.[1],
    about: (name) => sections.find((section) => section.startsWith(join(directory, `${name}.test.ts`))) ?? "",
  };
}

// They mostly wait.
t.jobs = 5;

const good = 't.test("a", async (t) => {\n  t.pass();\n  t.pass();\n});';

for (const [title, planted, limitSeconds] of [
  ["whatever goes wrong in a file is told of that file, and of no other", faults, 300],
  ["a file that does not end is ended, and no other", endless, 6],
] as const) {
  t.test(title, { timeout: 120_000 }, async (t) => {
    const files = planted.map(({ is, source }) => [is.replaceAll(" ", "-"), source]);
    const all = { ...Object.fromEntries(files), "a-good-one": good, "the-last": good };
    const { code, totals, about } = await run(t, all, limitSeconds);
    t.equal(code, 1);
    for (const { is, says } of planted) {
      const section = about(is.replaceAll(" ", "-"));
      t.match(section, says, `${is} is told`);
      t.match(section, /^not ok /m, `${is} is a failure`);
    }
    for (const name of ["a-good-one", "the-last"]) t.match(about(name), /^ok /m, `${name} passes`);
    const failed = Number(/fail: (\d+)/.exec(totals ?? "")?.[1]);
    t.ok(failed >= planted.length, `each is counted: ${failed}`);
  });
}

t.test("what was skipped is told with its reason, and all is counted", async (t) => {
  const { code, totals, about } = await run(t, {
    good,
    skips: 't.test("a", { skip: "no such machine" }, async (t) => t.pass());',
  });
  t.equal(code, 0);
  t.equal(totals, "{ total: 3, pass: 2, skip: 1 }");
  t.match(about("skips"), /ok 1 - a # SKIP no such machine$/m);
});

t.test("a file may change its process if it says why it has one of its own", async (t) => {
  const change = 'process.env.PLANTED = "1";\nt.test("a", async (t) => t.pass());';
  const { code } = await run(t, {
    good,
    own: `// own process: it changes the environment\n${change}`,
    another: 't.test("a", async (t) => t.equal(process.env.PLANTED, undefined));',
  });
  t.equal(code, 0);
});

t.test("fixtures and snapshots are named after the file, as by tap itself", async (t) => {
  const source = `t.test("a", async (t) => {
    t.match(t.fullname, /names\\.test\\.ts > TAP > a$/);
    t.match(t.testdirName, /names\\.test\\.ts-a$/);
    t.match(t.snapshotFile, /tap-snapshots.*names\\.test\\.ts\\.test\\.cjs$/);
  });`;
  const { code, totals } = await run(t, { names: source });
  t.equal(code, 0);
  t.equal(totals, "{ total: 3, pass: 3 }");
});
