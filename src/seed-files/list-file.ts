import { isRecord } from "../schema/plain.ts";
import { looksLikeData, readLooseData } from "./loose-data.ts";
import type { LineNote, ParsedFile } from "./problem.ts";
import { type TextLine, textLines } from "./text-lines.ts";

/** What a list holds and how one line of it is read. */
export interface ListGrammar<T> {
  /** The list's name, where the file is data: `pms` in `{"pms": [...]}`. */
  readonly field: string;
  readonly parse: (line: TextLine) => T | LineNote;
}

/**
 * Reads a file with one entry a line, or with data that has such a list: `{"pms": ["a", "b"]}`, `'pms':
 * ['a']`, or the bare list. Entries with one key are one entry, which counts where it stands first.
 */
export function parseListFile<T extends { readonly key: string }>(
  text: string,
  { field, parse }: ListGrammar<T>,
): ParsedFile<T> {
  const { lines, problems } = looksLikeData(text)
    ? linesOfData(text, field)
    : { lines: textLines(text), problems: [] };
  const entries = new Map<string, T>();
  const found = [...problems];
  const notes: LineNote[] = [];
  for (const line of lines) {
    const entry = parse(line);
    if ("message" in entry) found.push(entry);
    else if (!entries.has(entry.key)) entries.set(entry.key, entry);
    else notes.push({ line: line.line, message: `${line.text} is named above; it counts once` });
  }
  return { entries: [...entries.values()], problems: found, notes };
}

interface Lines {
  readonly lines: readonly TextLine[];
  readonly problems: readonly LineNote[];
}

function linesOfData(text: string, field: string): Lines {
  const data = readLooseData(text);
  if (data.type === "problem") return { lines: [], problems: [data.problem] };
  const path = isRecord(data.value) ? [field] : [];
  const list = isRecord(data.value) ? data.value[field] : data.value;
  if (!Array.isArray(list))
    return { lines: [], problems: [{ line: 1, message: `there is no list "${field}"` }] };
  const lines: TextLine[] = [];
  const problems: LineNote[] = [];
  list.forEach((item: unknown, index) => {
    const line = data.lineOf([...path, index]);
    if (typeof item === "string" && item.trim() !== "") lines.push({ line, text: item.trim() });
    else problems.push({ line, message: `${JSON.stringify(item)} is not a text` });
  });
  return { lines, problems };
}
