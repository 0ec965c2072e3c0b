import { LineIndex } from "../schema/line-index.ts";
import { readYamlDocuments } from "../schema/yaml-documents.ts";
import type { LineNote } from "./problem.ts";

/** Data as it is printed in a text, with the line of each part. */
export type LooseData =
  | {
      readonly type: "data";
      readonly value: unknown;
      /** The line of the field at `path`. */
      lineOf(path: readonly (string | number)[]): number;
    }
  | { readonly type: "problem"; readonly problem: LineNote };

/**
 * Reads JSON as it is found in such files: also without the outer braces, with trailing commas, with the
 * quotes of a Python dictionary, with comments. It is data and is never evaluated. YAML's flow style is all
 * of this.
 */
export function readLooseData(text: string): LooseData {
  const plain = text.replace(/^\ufeff/, "").replace(/,\s*$/, "");
  const first = firstLine(plain);
  if (first === "") return problemAt(1, "there is nothing in it");
  const isWhole = /^[{[]/.test(first);
  const wrapped = isWhole ? plain : `{${plain}\n}`;
  const lines = new LineIndex(wrapped);
  const lineAt = (offset: number): number => Math.min(lines.placeOf(offset).line, plain.split("\n").length);
  const [document, ...more] = readYamlDocuments(wrapped);
  if (document === undefined) return problemAt(1, "there is nothing in it");
  if (document.type === "problem") return problemAt(lineAt(document.offset), document.message);
  const [next] = more;
  if (next !== undefined) return problemAt(lineAt(next.offset), "there is a second document in it");
  return {
    type: "data",
    value: document.value,
    lineOf: (path) => lineAt(document.offsetOf(path, false)),
  };
}

/** Whether a text is such data, and not a list with one entry a line, which may be an address in brackets. */
export function looksLikeData(text: string): boolean {
  return /^([{"']|\[\s*(["'\]]|$))/.test(firstLine(text.replace(/^\ufeff/, "")));
}

/** The first line that says something. */
function firstLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.find((line) => line !== "" && !line.startsWith("#")) ?? "";
}

function problemAt(line: number, message: string): LooseData {
  return { type: "problem", problem: { line, message } };
}
