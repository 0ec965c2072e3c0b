import t from "tap";
import { wordedPatterns, wordsForPattern } from "./pattern-words.ts";
import { isRecord } from "./plain.ts";
import { kinds } from "./scheme.ts";
import { ServeConfigSchema } from "./serve-config.ts";

function patternsIn(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(patternsIn);
  if (!isRecord(schema)) return [];
  const own = typeof schema.pattern === "string" ? [schema.pattern] : [];
  return [...own, ...Object.values(schema).flatMap(patternsIn)];
}

t.test("only patterns that something has are put into words", async (t) => {
  const used = new Set([...kinds.map(({ schema }) => schema), ServeConfigSchema].flatMap(patternsIn));
  t.same(
    wordedPatterns.filter((pattern) => !used.has(pattern)),
    [],
  );
});

t.test("a pattern that nobody has put into words has none", async (t) => {
  t.equal(wordsForPattern("^x$"), undefined);
  t.equal(wordsForPattern("toString"), undefined);
  t.equal(wordsForPattern("^https://[^\\s]+$"), "an https URL");
});
