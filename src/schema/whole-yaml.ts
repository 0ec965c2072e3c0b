import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  Parser,
  Schema,
} from "yaml";
import type { FieldStep } from "./field-path.ts";
import { isForbiddenKey } from "./plain.ts";
import type { YamlDocument } from "./yaml-documents.ts";

const maxDepth = 50;
const maxAliases = 10;

/** YAML 1.2 core: no merge keys, dates or sets. Keys are compared here: the library takes quadratic time. */
const options = {
  schema: new Schema({ schema: "core", resolveKnownTags: false }),
  prettyErrors: false,
  uniqueKeys: false,
} as const;

/** The documents of a text in which none begins but at its start, read as all that YAML allows. */
export function readWholeYaml(
  text: string,
  base: number,
  budget: { lexemes: number },
): readonly YamlDocument[] {
  try {
    return compose(text, budget).flatMap((document) => readDocument(document, base));
  } catch (error) {
    if (error instanceof Refusal)
      return [{ type: "problem", offset: base + error.at, message: error.message }];
    throw error;
  }
}

/** Thrown while reading one document; `at` is an offset in its chunk. */
class Refusal extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Watches the parser's own stack, so that nothing that recurses ever sees a deep document. */
function compose(text: string, budget: { lexemes: number }): readonly Document.Parsed[] {
  const parser = new Parser();
  const composer = new Composer(options);
  const documents: Document.Parsed[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    budget.lexemes -= 1;
    if (budget.lexemes < 0) throw new Refusal(parser.offset, "too long to be read at once; split the file");
    for (const token of parser.next(lexeme)) {
      if (token.type === "directive") throw new Refusal(token.offset, "directives (%) are not supported");
      if (token.type === "error") throw new Refusal(token.offset, token.message);
      documents.push(...composer.next(token));
    }
    if (parser.stack.length > maxDepth + 1) {
      throw new Refusal(parser.offset, `nested deeper than ${maxDepth}`);
    }
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end());
  return documents;
}

function readDocument(document: Document.Parsed, base: number): readonly YamlDocument[] {
  const complaint = document.errors[0] ?? document.warnings[0];
  if (complaint !== undefined) throw new Refusal(complaint.pos[0], complaint.message);
  const { contents } = document;
  const value = new Conversion().valueOf(contents);
  if (value === null) return [];
  const offsetOf = (path: readonly FieldStep[], atKey: boolean): number =>
    base + locate(contents, path, atKey);
  return [{ type: "document", value, offset: offsetOf([], false), offsetOf }];
}

/** Turns the nodes of one document into data. What an alias stands for is shared, not copied. */
class Conversion {
  readonly #anchors = new Map<string, unknown>();
  #aliases = 0;

  valueOf(node: unknown): unknown {
    if (isAlias(node)) return this.#resolve(node);
    if (isScalar(node)) return this.#anchored(node.anchor, node.value);
    if (isSeq(node)) {
      return this.#anchored(
        node.anchor,
        node.items.map((item) => this.valueOf(item)),
      );
    }
    if (isMap(node)) return this.#anchored(node.anchor, this.#record(node.items));
    return null;
  }

  #record(pairs: readonly Pair[]): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (const { key, value } of pairs) {
      const name = keyOf(key);
      if (Object.hasOwn(record, name))
        throw new Refusal(startOf(key), `duplicate key ${JSON.stringify(name)}`);
      record[name] = this.valueOf(value);
    }
    return record;
  }

  /** Known to aliases only when it is complete: nothing can contain itself. */
  #anchored(anchor: string | undefined, value: unknown): unknown {
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #resolve(alias: Alias): unknown {
    this.#aliases += 1;
    if (this.#aliases > maxAliases) throw new Refusal(startOf(alias), `more than ${maxAliases} aliases`);
    if (this.#anchors.has(alias.source)) return this.#anchors.get(alias.source);
    throw new Refusal(startOf(alias), `alias *${alias.source} has no anchor before it`);
  }
}

function keyOf(key: unknown): string {
  if (!isScalar(key) || typeof key.value !== "string") {
    throw new Refusal(startOf(key), "a key must be text; write it in quotes");
  }
  if (isForbiddenKey(key.value)) throw new Refusal(startOf(key), `the key "${key.value}" is not allowed`);
  if (key.value === "<<" && key.type === "PLAIN") {
    throw new Refusal(startOf(key), "merge keys (<<) are not supported; write the fields out");
  }
  return key.value;
}

function locate(root: unknown, path: readonly FieldStep[], atKey: boolean): number {
  let node = root;
  let offset = startOf(root);
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === String(step));
      if (pair === undefined) break;
      node = pair.value;
      offset = last && !atKey && isScalar(node) && node.value !== null ? startOf(node) : startOf(pair.key);
    } else if (isSeq(node) && typeof step === "number" && step < node.items.length) {
      node = node.items[step];
      offset = startOf(node);
    } else break;
  }
  return offset;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
