import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { findStaleExceptions, findViolations } from "./tidy.ts";
import { bannedGlobals, castDoors, untested } from "./tidy-policy.ts";
import type { SourceText } from "./tidy-source.ts";

const root = join(import.meta.dirname, "../..");

function readSources(): SourceText[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ path: `src/${name}`, text: readFileSync(join(root, "src", name), "utf8") }));
}

t.test("the sources keep the rules of the house", async (t) => {
  const sources = readSources();
  t.ok(sources.length > 10, "found the sources");
  const violations = [...findViolations(sources), ...findStaleExceptions(sources)];
  for (const violation of violations) t.fail(violation, { at: null, stack: "" });
});

/** The violations of one planted file, with a test beside it so that only the planted fault shows. */
function judge(path: string, text: string): string[] {
  const test = { path: path.replace(/\.ts$/, ".test.ts"), text: "" };
  return findViolations(path.endsWith(".test.ts") ? [{ path, text }] : [{ path, text }, test]);
}

interface Planted {
  readonly rule: string;
  readonly path: string;
  readonly bad: string;
  readonly says: RegExp;
  /** The same thing done right, in the same file or in `goodPath`. */
  readonly good: string;
  readonly goodPath?: string;
}

const loop = "  work();\n";

const planted: readonly Planted[] = [
  {
    rule: "a folder imports only from the folders below it",
    path: "src/schema/x.ts",
    bad: 'import { a } from "../store/store.ts";',
    says: /^src\/schema\/x\.ts:1: imports src\/store\/store\.ts; src\/schema\/ may import only /,
    good: 'import { a } from "../runtime/errors.ts";',
  },
  {
    rule: "type-only imports count",
    path: "src/reconciler/x.ts",
    bad: '\nimport type { A } from "../drivers/fake/fake-driver.ts";',
    says: /^src\/reconciler\/x\.ts:2: imports src\/drivers\/fake\/fake-driver\.ts/,
    good: 'import type { A } from "../drivers/driver.ts";',
  },
  {
    rule: "import types count",
    path: "src/api/x.ts",
    bad: 'let a: import("../reconciler/cache.ts").Cache;',
    says: /imports src\/reconciler\/cache\.ts/,
    good: 'let a: import("../store/store.ts").Store;',
  },
  {
    rule: "dynamic imports count",
    path: "src/cli/x.ts",
    bad: 'await import("../store/sqlite-log.ts");',
    says: /imports src\/store\/sqlite-log\.ts/,
    good: 'await import("../api/client.ts");',
  },
  {
    rule: "re-exports count",
    path: "src/source/x.ts",
    bad: 'export { a } from "../drivers/driver.ts";\nexport const b = 1;',
    says: /imports src\/drivers\/driver\.ts/,
    good: 'export { a } from "../store/store.ts";\nexport const b = 1;',
  },
  {
    rule: "only the interface of the store is visible above it",
    path: "src/reconciler/x.ts",
    bad: 'import { a } from "../store/memory-log.ts";',
    says: /imports src\/store\/memory-log\.ts/,
    good: 'import { a } from "../store/memory-log.ts";',
    goodPath: "src/main.ts",
  },
  {
    rule: "production code never imports src/testing",
    path: "src/main.ts",
    bad: 'import { a } from "./testing/manual-clock.ts";',
    says: /production code never imports tests/,
    good: 'import { a } from "../testing/manual-clock.ts";',
    goodPath: "src/store/x.test.ts",
  },
  {
    rule: "a new folder needs a layer",
    path: "src/misc/x.ts",
    bad: 'import { a } from "./y.ts";',
    says: /is in no layer/,
    good: 'import { a } from "./y.ts";',
    goodPath: "src/web/x.ts",
  },
  {
    rule: "each package has one door",
    path: "src/drivers/libvirt/transport/tls.ts",
    bad: 'import { Client } from "ssh2";',
    says: /imports "ssh2"; its one door is src\/drivers\/libvirt\/transport\/ssh\.ts/,
    good: 'import { Client } from "ssh2";',
    goodPath: "src/drivers/libvirt/transport/ssh.ts",
  },
  {
    rule: "a door counts for the paths inside a package",
    path: "src/store/x.ts",
    bad: 'import Ajv from "ajv/dist/2020.js";',
    says: /imports "ajv"/,
    good: 'import Ajv from "ajv/dist/2020.js";',
    goodPath: "src/schema/validator.ts",
  },
  {
    rule: "a package without a door is refused",
    path: "src/store/x.ts",
    bad: 'import _ from "lodash";',
    says: /"lodash", which has no door/,
    good: 'import { join } from "node:path";',
  },
  {
    rule: "node:sqlite has a door",
    path: "src/store/resource-store.ts",
    bad: 'import { DatabaseSync } from "node:sqlite";',
    says: /its one door is src\/store\/sqlite-log\.ts/,
    good: 'import { DatabaseSync } from "node:sqlite";',
    goodPath: "src/store/sqlite-log.ts",
  },
  {
    rule: "pure files import nothing from Node",
    path: "src/reconciler/virtual-machine/plan.ts",
    bad: 'import { readFileSync } from "node:fs";',
    says: /imports "node:fs" in a pure zone/,
    good: 'import { readFileSync } from "node:fs";',
    goodPath: "src/reconciler/virtual-machine/execute.ts",
  },
  {
    rule: "pure files are synchronous",
    path: "src/scheduler/schedule.ts",
    bad: "export async function schedule(): Promise<void> {}",
    says: /async function in a pure zone/,
    good: "export function schedule(): void {}",
  },
  {
    rule: "pure files take neither clock nor logger",
    path: "src/store/strategy.ts",
    bad: 'import { type Clock, formatTime } from "../runtime/clock.ts";',
    says: /imports Clock from src\/runtime\/clock\.ts in a pure zone/,
    good: 'import { formatTime } from "../runtime/clock.ts";',
  },
  {
    rule: "console is for the command line",
    path: "src/api/x.ts",
    bad: 'console.log("hello");',
    says: /console\.log; take a Logger/,
    good: 'console.log("hello");',
    goodPath: "src/cli/x.ts",
  },
  {
    rule: "a file has at most 300 lines",
    path: "src/store/x.ts",
    bad: "work();\n".repeat(301),
    says: /x\.ts:1: 301 lines; at most 300/,
    good: "work();\n".repeat(300),
  },
  {
    rule: "a function has at most 60 lines",
    path: "src/store/x.ts",
    bad: `\nexport function f(): void {\n${loop.repeat(59)}}\n`,
    says: /x\.ts:2: a function of 61 lines/,
    good: `\nexport function f(): void {\n${loop.repeat(58)}}\n`,
  },
  {
    rule: "a line has at most 110 columns",
    path: "src/store/x.test.ts",
    bad: `\n// ${"x".repeat(108)}`,
    says: /x\.test\.ts:2: 111 columns/,
    good: `\n// ${"x".repeat(107)}`,
  },
  {
    rule: "no default exports",
    path: "src/store/x.ts",
    bad: "export default function f(): void {}",
    says: /export default; export it by name/,
    good: "export function f(): void {}",
  },
  {
    rule: "no index files",
    path: "src/store/index.ts",
    bad: "export const a = 1;",
    says: /is a barrel/,
    good: "export const a = 1;",
    goodPath: "src/store/a.ts",
  },
  {
    rule: "no files that only re-export",
    path: "src/store/all.ts",
    bad: 'export * from "./store.ts";\nexport { a } from "./log.ts";',
    says: /is a barrel/,
    good: 'import { a } from "./log.ts";\nexport const b = a;',
  },
  {
    rule: "no any, not even in tests",
    path: "src/store/x.test.ts",
    bad: "let a: any;",
    says: /: any; use `unknown`/,
    good: "let a: unknown;",
  },
  {
    rule: "no non-null assertion",
    path: "src/store/x.ts",
    bad: "a.b!.c();",
    says: /non-null `!`/,
    good: "a.b?.c();",
  },
  {
    rule: "no definite assignment",
    path: "src/store/x.ts",
    bad: "class A { b!: string; }",
    says: /definite assignment/,
    good: "class A { b?: string; }",
  },
  {
    rule: "casts only in the doors",
    path: "src/store/x.ts",
    bad: "export const a = b as string;",
    says: /`as` cast; narrow/,
    good: "export const a = b as const;",
  },
];

for (const { rule, path, bad, says, good, goodPath } of planted) {
  t.test(rule, async (t) => {
    const found = judge(path, bad);
    t.equal(found.length, 1, `one violation: ${found.join(" | ")}`);
    t.match(found[0], says);
    t.strictSame(judge(goodPath ?? path, good), [], "the right way passes");
  });
}

t.test("time and chance are reached through the ports only", async (t) => {
  for (const [name, remedy] of Object.entries(bannedGlobals)) {
    const text = `\nconst a = ${name};`;
    t.strictSame(judge("src/store/x.ts", text), [`src/store/x.ts:2: ${name}; ${remedy}`]);
    t.strictSame(judge("src/runtime/x.ts", text), []);
    t.strictSame(judge("src/store/x.test.ts", text), []);
  }
  t.strictSame(judge("src/store/x.ts", "new Date(now); clock.now(); this.setTimeout();"), []);
});

t.test("a file with behaviour has a test beside it", async (t) => {
  const path = "src/store/x.ts";
  t.match(findViolations([{ path, text: "export function f(): void {}" }]), [/has behaviour and no test/]);
  t.strictSame(findViolations([{ path, text: "export interface A { f(): void }\nexport const b = 1;" }]), []);
});

t.test("a file that does not parse is reported, not skipped", async (t) => {
  t.match(judge("src/store/x.ts", "const = ;"), [/^src\/store\/x\.ts:1: does not parse/]);
});

t.test("an exception that is no longer needed is reported", async (t) => {
  const cast = (path: string): SourceText => ({ path, text: "export const a = b as string;" });
  t.strictSame(findStaleExceptions(castDoors.map(cast)), []);
  t.equal(findStaleExceptions([]).length, castDoors.length);
  const tests = Object.keys(untested).map((path) => cast(path.replace(/\.ts$/, ".test.ts")));
  t.equal(findStaleExceptions([...castDoors.map(cast), ...tests]).length, tests.length);
});
