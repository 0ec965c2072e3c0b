import { type StatusCause, StatusError } from "../runtime/errors.ts";
import { admit } from "./admission.ts";
import { type FieldStep, formatField, parseField } from "./field-path.ts";
import type { Kind } from "./kind.ts";
import { LineIndex } from "./line-index.ts";
import type { Resource } from "./meta.ts";
import { isRecord } from "./plain.ts";
import { kindFor, kinds } from "./scheme.ts";
import { readYamlDocuments, type YamlDocument } from "./yaml-documents.ts";

/** A valid resource, its defaults filled in, and where it was written. */
export interface Manifest {
  readonly kind: Kind;
  readonly resource: Resource;
  readonly file: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** Its place among the valid resources of the file, from 0. */
  readonly index: number;
  /** Fields of its spec that it does not name, and so leaves to others; absent: none. */
  readonly leaves?: readonly string[];
}

/** What is wrong in a file, and where: from 1. `path` is the field, when it is about one. */
export interface ManifestProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path?: string;
  readonly message: string;
}

export interface ParsedManifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly ManifestProblem[];
}

export interface ManifestOptions {
  /** Where objects are that name no namespace but need one; `default` if absent. */
  readonly namespace?: string;
  /** Further rules about what may stand in a file; their causes are located like all others. */
  check?(kind: Kind, resource: Resource): readonly StatusCause[];
}

/** What a manifest asks for, of an object that is there: what it leaves to others stays as it is. */
export function keepingLeft(
  { leaves = [] }: Pick<Manifest, "leaves">,
  before: WithSpec,
  wanted: WithSpec,
): WithSpec {
  if (leaves.length === 0 || !isRecord(before.spec) || !isRecord(wanted.spec)) return wanted;
  const kept = Object.entries(before.spec).filter(([field]) => leaves.includes(field));
  return { ...wanted, spec: { ...wanted.spec, ...Object.fromEntries(kept) } };
}

type WithSpec = Resource & { readonly spec?: unknown };

/** The longest file that is read. */
export const maxManifestBytes = 1024 * 1024;

const maxProblems = 100;

/**
 * Reads a file of YAML (or JSON) documents, each a resource or a `v1` List of resources. Every resource is
 * admitted by itself: what is wrong with one hides no other. Never throws for what the file says.
 */
export function parseManifests(
  content: string | Uint8Array,
  file: string,
  options: ManifestOptions = {},
): ParsedManifests {
  if (content.length > maxManifestBytes) {
    const message = `larger than ${maxManifestBytes} bytes; split the file`;
    return { manifests: [], problems: [{ file, line: 1, column: 1, message }] };
  }
  const { text, broken } = decode(content);
  const lines = new LineIndex(text);
  if (broken !== undefined) {
    return { manifests: [], problems: [{ file, ...lines.placeOf(broken), message: "not UTF-8 text" }] };
  }
  const reading = new Reading(file, lines, options);
  for (const document of readYamlDocuments(text)) reading.add(document);
  return reading.result();
}

/** Text without its byte order mark; `broken` is where bytes stop being UTF-8. */
function decode(content: string | Uint8Array): { readonly text: string; readonly broken?: number } {
  if (typeof content === "string") return { text: content.replace(/^\uFEFF/, "") };
  const text = new TextDecoder("utf-8").decode(content);
  const broken = text.indexOf("\uFFFD");
  return broken === -1 || isUtf8(content) ? { text } : { text, broken };
}

/** A text may hold U+FFFD by right. */
function isUtf8(content: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}

type ReadDocument = Extract<YamlDocument, { readonly type: "document" }>;

/** Collects what one file holds. */
class Reading {
  readonly #file: string;
  readonly #lines: LineIndex;
  readonly #options: ManifestOptions;
  readonly #manifests: Manifest[] = [];
  readonly #problems: ManifestProblem[] = [];

  constructor(file: string, lines: LineIndex, options: ManifestOptions) {
    this.#file = file;
    this.#lines = lines;
    this.#options = options;
  }

  result(): ParsedManifests {
    const problems = this.#problems.sort((a, b) => a.line - b.line || a.column - b.column);
    return { manifests: this.#manifests, problems };
  }

  add(document: YamlDocument): void {
    if (document.type === "problem") this.#report(document.offset, document.message);
    else if (isList(document.value)) this.#addList(document, document.value);
    else this.#addResource(document, [], document.value);
  }

  #addList(document: ReadDocument, { items }: Record<string, unknown>): void {
    if (!Array.isArray(items)) {
      this.#complain(document, [], { field: "items", message: "must be a list of resources" });
      return;
    }
    for (const [index, item] of items.entries()) this.#addResource(document, ["items", index], item);
  }

  #addResource(document: ReadDocument, at: readonly FieldStep[], value: unknown): void {
    try {
      const kind = kindOf(value);
      const resource = admit(kind, value, this.#options.namespace);
      const causes = this.#options.check?.(kind, resource) ?? [];
      for (const cause of causes) this.#complain(document, at, cause);
      if (causes.length > 0) return;
      const { line } = this.#lines.placeOf(document.offsetOf(at, false));
      const place = { file: this.#file, line, index: this.#manifests.length };
      const leaves = fieldsLeft(kind, value);
      this.#manifests.push({ kind, resource, ...place, ...(leaves.length > 0 && { leaves }) });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      for (const cause of error.causes) this.#complain(document, at, cause);
    }
  }

  #complain(document: ReadDocument, at: readonly FieldStep[], cause: StatusCause): void {
    const path = [...at, ...parseField(cause.field)];
    const offset = document.offsetOf(path, isAboutName(cause));
    this.#report(offset, cause.message, formatField(path));
  }

  #report(offset: number, message: string, path = ""): void {
    if (this.#problems.length >= maxProblems) return;
    const place = this.#lines.placeOf(offset);
    const located = path === "" ? place : { ...place, path };
    this.#problems.push({ file: this.#file, ...located, message });
  }
}

/** Whether the field should not be there at all, so that its name is what is wrong. */
function isAboutName({ reason }: StatusCause): boolean {
  return reason === "UnknownField" || reason === "FieldNameInvalid";
}

function isList(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value.kind === "List" && value.apiVersion === "v1";
}

/** The kind that a value says it is; throws a cause for the field that says it wrongly. */
function kindOf(value: unknown): Kind {
  if (!isRecord(value)) throw wrong("", "must be a mapping with apiVersion, kind, metadata and spec");
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== "string") throw wrong("apiVersion", "required, such as ostler.dev/v1");
  if (typeof kind !== "string") throw wrong("kind", `required: one of ${kindNames()}`);
  const known = kinds.some((candidate) => candidate.kind === kind);
  try {
    return kindFor(apiVersion, kind);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw wrong(known ? "apiVersion" : "kind", error.message);
  }
}

function kindNames(): string {
  return kinds.map((kind) => kind.kind).join(", ");
}

function wrong(field: string, message: string): StatusError {
  return new StatusError("Invalid", message, { causes: [{ field, message, reason: "FieldValueInvalid" }] });
}

function fieldsLeft({ sharedFields = [] }: Kind, value: unknown): readonly string[] {
  const spec = isRecord(value) ? value.spec : undefined;
  return isRecord(spec) ? sharedFields.filter((field) => spec[field] === undefined) : [];
}
