import { matchesGlob, posix } from "node:path";
import {
  bannedGlobals,
  castDoors,
  composition,
  consoles,
  doors,
  layers,
  limits,
  type Place,
  pureRuntime,
  pureZones,
  untested,
} from "./tidy-policy.ts";
import {
  type ImportFact,
  readFacts,
  type SourceFacts,
  type SourceText,
  type UseFact,
} from "./tidy-source.ts";

/**
 * Judges a set of source files by the rules of the house. Each violation is one line: `file:line: what is
 * wrong; what to do`. The set must be whole: a file whose test is not in it counts as untested.
 */
export function findViolations(sources: readonly SourceText[]): string[] {
  const files = sources.map(readFacts);
  const production = files.filter((file) => !isTesting(file.path));
  const paths = new Set(files.map((file) => file.path));
  return [
    ...files.flatMap((file) => [...syntax(file), ...lineLength(file), ...shape(file)]),
    ...production.flatMap((file) => [
      ...sizes(file),
      ...file.imports.flatMap((imported) => importRules(file.path, imported)),
      ...file.uses.flatMap((use) => useRules(file.path, use)),
      ...testBeside(file, paths),
    ]),
  ].sort(byPlace);
}

/** What keeps the lists of exceptions honest: one line for each that the sources no longer need. */
export function findStaleExceptions(sources: readonly SourceText[]): string[] {
  const doors = sources.filter(({ path }) => castDoors.includes(path)).map(readFacts);
  const casting = doors.filter(({ uses }) => uses.some(({ kind }) => kind === "cast"));
  const paths = sources.map(({ path }) => path);
  const stale = (path: string, list: string): string =>
    `src/testing/tidy-policy.ts:1: ${path} needs no exception any more; remove it from ${list}`;
  return [
    ...castDoors
      .filter((door) => !casting.some(({ path }) => path === door))
      .map((door) => stale(door, "castDoors")),
    ...Object.keys(untested)
      .filter((path) => paths.includes(testOf(path)))
      .map((path) => stale(path, "untested")),
  ];
}

/** Tests, and what only tests use. */
function isTesting(path: string): boolean {
  return path.endsWith(".test.ts") || path.startsWith("src/testing/");
}

function syntax(file: SourceFacts): string[] {
  return file.syntaxErrors.map((message) => `${file.path}:1: does not parse (${message}); mend the syntax`);
}

function lineLength(file: SourceFacts): string[] {
  return file.lines.flatMap((line, index) =>
    line.length > limits.lineColumns
      ? [`${file.path}:${index + 1}: ${line.length} columns; at most ${limits.lineColumns}, break the line`]
      : [],
  );
}

/** Rules that hold for every file, tests too. */
function shape(file: SourceFacts): string[] {
  const barrel =
    file.barrel || posix.basename(file.path) === "index.ts"
      ? [`${file.path}:1: is a barrel; import from the files themselves and remove it`]
      : [];
  const remedies: Partial<Record<UseFact["kind"], string>> = {
    any: "use `unknown` and narrow it",
    "non-null": "handle the missing case, or throw saying what is missing",
    "default-export": "export it by name, and name the file after it",
  };
  const uses = file.uses.flatMap((use) => {
    const remedy = remedies[use.kind];
    return remedy === undefined ? [] : [`${file.path}:${use.line}: ${use.name}; ${remedy}`];
  });
  return [...barrel, ...uses];
}

function sizes(file: SourceFacts): string[] {
  const count = file.lines.at(-1) === "" ? file.lines.length - 1 : file.lines.length;
  const long =
    count > limits.fileLines
      ? [`${file.path}:1: ${count} lines; at most ${limits.fileLines}, find the second thing it holds`]
      : [];
  return long.concat(
    file.functions
      .filter((fact) => fact.lines > limits.functionLines)
      .map(
        (fact) =>
          `${file.path}:${fact.line}: a function of ${fact.lines} lines; at most ${limits.functionLines}, ` +
          "name its parts",
      ),
  );
}

function importRules(path: string, imported: ImportFact): string[] {
  const target = imported.specifier.startsWith(".")
    ? posix.join(posix.dirname(path), imported.specifier)
    : undefined;
  const complaints =
    target === undefined
      ? [doorRule(path, imported.specifier), pureNodeRule(path, imported.specifier)]
      : [layerRule(path, target), pureRuntimeRule(path, target, imported.names)];
  return complaints.flatMap((complaint) =>
    complaint === undefined ? [] : [`${path}:${imported.line}: ${complaint}`],
  );
}

function layerRule(path: string, target: string): string | undefined {
  if (target.startsWith("src/testing/") || target.endsWith(".test.ts")) {
    return `imports ${target}; production code never imports tests, move what both need into production`;
  }
  if (isIn(path, composition)) return undefined;
  const folder = Object.keys(layers).find((prefix) => path.startsWith(prefix));
  if (folder === undefined) return `is in no layer; add its folder to the layers in tidy-policy.ts`;
  const allowed = [folder, ...(layers[folder] ?? [])];
  if (isIn(target, allowed)) return undefined;
  return `imports ${target}; ${folder} may import only ${allowed.join(", ")}: pass it in as an argument`;
}

function doorRule(path: string, specifier: string): string | undefined {
  const name = packageOf(specifier);
  const places = doors[specifier] ?? doors[name];
  if (places === undefined) {
    if (specifier.startsWith("node:")) return undefined;
    return `imports "${name}", which has no door; use what is there, or add a door and a decision record`;
  }
  if (isIn(path, places)) return undefined;
  return `imports "${name}"; its one door is ${places.join(", ")}: use what that exports`;
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function pureNodeRule(path: string, specifier: string): string | undefined {
  if (!isIn(path, pureZones) || !specifier.startsWith("node:")) return undefined;
  return `imports "${specifier}" in a pure zone; take the result as an argument`;
}

function pureRuntimeRule(path: string, target: string, names: readonly string[]): string | undefined {
  if (!isIn(path, pureZones) || !target.startsWith("src/runtime/")) return undefined;
  const allowed = pureRuntime[target] ?? [];
  if (allowed === "everything") return undefined;
  const wrong = names.filter((name) => !allowed.includes(name));
  if (wrong.length === 0) return undefined;
  return `imports ${wrong.join(", ")} from ${target} in a pure zone; take the result as an argument`;
}

function useRules(path: string, use: UseFact): string[] {
  const complaint = useRule(path, use);
  return complaint === undefined ? [] : [`${path}:${use.line}: ${complaint}`];
}

function useRule(path: string, use: UseFact): string | undefined {
  switch (use.kind) {
    case "global":
      return globalRule(path, use.name);
    case "cast":
      if (isIn(path, castDoors)) return undefined;
      return `${use.name}; narrow with a type guard, or do it in a door listed in tidy-policy.ts`;
    case "async":
      if (!isIn(path, pureZones)) return undefined;
      return "async function in a pure zone; take what it waits for as an argument";
    case "any":
    case "non-null":
    case "default-export":
      return undefined;
  }
}

function globalRule(path: string, name: string): string | undefined {
  if (path.startsWith("src/runtime/")) return undefined;
  if (name.startsWith("console.")) {
    return isIn(path, consoles) ? undefined : `${name}; take a Logger (src/runtime/logger.ts) as an argument`;
  }
  const remedy = Object.hasOwn(bannedGlobals, name) ? bannedGlobals[name] : undefined;
  return remedy === undefined ? undefined : `${name}; ${remedy}`;
}

function testBeside(file: SourceFacts, paths: ReadonlySet<string>): string[] {
  const test = testOf(file.path);
  if (file.functions.length === 0 || paths.has(test) || Object.hasOwn(untested, file.path)) return [];
  return [`${file.path}:1: has behaviour and no test; write ${test}`];
}

function testOf(path: string): string {
  return path.replace(/\.ts$/, ".test.ts");
}

function isIn(path: string, places: readonly Place[]): boolean {
  return places.some(
    (place) => path === place || (place.endsWith("/") ? path.startsWith(place) : matchesGlob(path, place)),
  );
}

function byPlace(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}
