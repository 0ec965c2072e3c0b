import { isForbiddenKey } from "./plain.ts";

/** The data of a document, and where its content begins. */
export interface PlainDocument {
  readonly value: Record<string, unknown>;
  readonly offset: number;
}

interface Line {
  /** How many characters stand before the text, the `- ` of list items among them. */
  readonly indent: number;
  readonly text: string;
}

const printable = /^[\n\x20-\x7e]*$/;
const insignificant = /^ *(?:#.*)?$/;
const start = /^---(?: +#.*| *)$/;
const keyed = /^([A-Za-z_][\w./-]*):(?: +(?!#)(.+)| *| +#.*)$/;
const item = /^(- +)([^ #].*)$/;
const quoted = /^(?:"([^"\\]*)"|'([^']*)')(?: +#.*| *)$/;
const unquoted = /^([\w/][\w./:@+=,;()%-]*(?: [\w./@+=(][\w./:@+=,;()%-]*)*)(?: +#.*| *)$/;
const empty = /^(\[\]|\{\})(?: +#.*| *)$/;
const integer = /^(?:0|[1-9][0-9]{0,14})$/;
/** Begins as a number does, and holds nothing that no number could. */
const likeNumber = /^[0-9][^G-NP-WYZg-npq-wyz_/:@]*$/;
const likeWord = /^(?:null|true|false)$/i;
const maxKeyLength = 256;
const maxDepth = 20;

/**
 * Reads the YAML that nearly all manifests are written in, many times as fast as a parser that knows all of
 * it: block mappings and lists, and scalars on one line that can mean one thing only. Returns undefined for
 * everything else, and for everything that is wrong: then it says nothing about the text.
 */
export function readPlainYaml(text: string): PlainDocument | undefined {
  if (!printable.test(text)) return undefined;
  const lines: Line[] = [];
  let at = 0;
  let offset = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (!insignificant.test(line) && !(index === 0 && start.test(line))) {
      const indent = line.search(/[^ ]/);
      if (lines.length === 0) offset = at + indent;
      lines.push({ indent, text: line.slice(indent) });
    }
    at += line.length + 1;
  }
  const value = new Reading(lines).whole();
  return value === undefined ? undefined : { value, offset };
}

/** Every method takes lines off the front, and returns undefined when it does not understand them. */
class Reading {
  readonly #lines: Line[];
  #next = 0;
  #depth = 0;

  constructor(lines: Line[]) {
    this.#lines = lines;
  }

  whole(): Record<string, unknown> | undefined {
    if (this.#lines[0]?.indent !== 0) return undefined;
    const value = this.#mapping(0);
    return this.#next === this.#lines.length ? value : undefined;
  }

  /** At least one entry; the first is known to stand where it should. */
  #mapping(indent: number): Record<string, unknown> | undefined {
    const record: Record<string, unknown> = {};
    do {
      const [, key, rest] = keyed.exec(this.#lines[this.#next]?.text ?? "") ?? [];
      if (key === undefined || !isPlainKey(key) || Object.hasOwn(record, key)) return undefined;
      this.#next += 1;
      const value = rest === undefined ? this.#block(indent) : scalar(rest);
      if (value === undefined) return undefined;
      record[key] = value;
    } while (this.#lines[this.#next]?.indent === indent);
    return record;
  }

  /** What a key stands before, on the lines after it. */
  #block(indent: number): unknown {
    const line = this.#lines[this.#next];
    if (line === undefined || this.#depth === maxDepth) return undefined;
    const isList = line.text.startsWith("-");
    if (line.indent < indent || (line.indent === indent && !isList)) return undefined;
    this.#depth += 1;
    const value = isList ? this.#list(line.indent, indent) : this.#mapping(line.indent);
    this.#depth -= 1;
    return value;
  }

  /** A list may stand as far left as its key, which is then not one of its items. */
  #list(indent: number, keyIndent: number): unknown[] | undefined {
    const items: unknown[] = [];
    for (let line = this.#lines[this.#next]; line?.indent === indent; line = this.#lines[this.#next]) {
      const [, dash, rest] = item.exec(line.text) ?? [];
      if (dash === undefined || rest === undefined) return indent === keyIndent ? items : undefined;
      const value = this.#item({ indent: indent + dash.length, text: rest });
      if (value === undefined) return undefined;
      items.push(value);
    }
    return items;
  }

  #item(line: Line): unknown {
    if (keyed.test(line.text)) {
      this.#lines[this.#next] = line;
      return this.#mapping(line.indent);
    }
    this.#next += 1;
    return scalar(line.text);
  }
}

function isPlainKey(key: string): boolean {
  return key.length <= maxKeyLength && !likeWord.test(key) && !isForbiddenKey(key);
}

function scalar(text: string): unknown {
  const [, double, single] = quoted.exec(text) ?? [];
  if (double !== undefined || single !== undefined) return double ?? single;
  const [, nothing] = empty.exec(text) ?? [];
  if (nothing !== undefined) return nothing === "[]" ? [] : {};
  const [, plain] = unquoted.exec(text) ?? [];
  if (plain === undefined || plain.endsWith(":") || plain.includes(": ")) return undefined;
  if (plain === "true" || plain === "false") return plain === "true";
  if (integer.test(plain)) return Number(plain);
  return likeNumber.test(plain) || likeWord.test(plain) ? undefined : plain;
}
