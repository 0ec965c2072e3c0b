import { onDemand } from "../runtime/on-demand.ts";
import type { FieldStep } from "./field-path.ts";
import { readPlainYaml } from "./plain-yaml.ts";

/** One document of a stream, or why it cannot be read. Offsets count characters of the whole text. */
export type YamlDocument =
  | {
      readonly type: "document";
      readonly value: unknown;
      /** Where the content begins. */
      readonly offset: number;
      /** Where the field at `path` is written, or the deepest thing around it; at its key if `atKey`. */
      offsetOf(path: readonly FieldStep[], atKey: boolean): number;
    }
  | { readonly type: "problem"; readonly offset: number; readonly message: string };

const maxDocuments = 10_000;
const maxLexemes = 400_000;

/** The library, for what is not plain. */
const wholeYaml = onDemand<typeof import("./whole-yaml.ts")>(import.meta.url, "./whole-yaml.ts");

/** At a line start `---` begins a document whatever comes before it, even inside a text. */
const separator = /(?:^|\n)(?=---(?:[ \t\r\n]|$))/g;

/** The lexer marks its own findings with control characters in the stream, so the text must have none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/**
 * The documents of a YAML stream in order, empty ones left out. Each is read by itself, so that what is wrong
 * with one hides no other. Bounded: nesting 50 (counted before anything recurses), 10 aliases in a document,
 * 10,000 documents, `lexemes` words and marks where it is not plain; no directives, tags beyond JSON's, merge
 * keys or duplicate keys.
 */
export function readYamlDocuments(text: string, lexemes = maxLexemes): readonly YamlDocument[] {
  const control = controlCharacter.exec(text);
  if (control !== null)
    return [problem(control.index, `control character ${codeOf(control[0])} in the text`)];
  const chunks = chunksOf(text);
  if (chunks.length > maxDocuments)
    return [problem(0, `more than ${maxDocuments} documents; split the file`)];
  const budget = { lexemes };
  return chunks.flatMap(([start, end]) => readChunk(text.slice(start, end), start, budget));
}

function chunksOf(text: string): readonly (readonly [number, number])[] {
  const starts = [0];
  for (const match of text.matchAll(separator)) {
    const start = match.index + match[0].length;
    if (start > 0) starts.push(start);
    if (starts.length > maxDocuments) break;
  }
  return starts.map((start, index) => [start, starts[index + 1] ?? text.length]);
}

function readChunk(text: string, base: number, budget: { lexemes: number }): readonly YamlDocument[] {
  const plain = readPlainYaml(text);
  if (plain === undefined) return wholeYaml().readWholeYaml(text, base, budget);
  const offset = base + plain.offset;
  let whole: YamlDocument | undefined;
  const offsetOf = (path: readonly FieldStep[], atKey: boolean): number => {
    if (path.length === 0) return offset;
    // Once for all: a List asks for the place of each of its items.
    whole ??= wholeYaml().readWholeYaml(text, base, { lexemes: maxLexemes })[0];
    return whole?.type === "document" ? whole.offsetOf(path, atKey) : offset;
  };
  return [{ type: "document", value: plain.value, offset, offsetOf }];
}

function problem(offset: number, message: string): YamlDocument {
  return { type: "problem", offset, message };
}

function codeOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
