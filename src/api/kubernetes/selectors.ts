import { StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { isRecord } from "../../schema/plain.ts";
import { fieldOf } from "./json.ts";

const maxLength = 2048;

/** What of a collection was asked for. */
export interface Selector {
  readonly matches: (resource: Resource) => boolean;
  /** Whether the answer never changes in an object's life, because only its name and namespace decide. */
  readonly stable: boolean;
}

type Test = (resource: Resource) => boolean;

/** `metadata.name=web` and such: what a field selector asks for, term by term. */
interface FieldTerm {
  readonly path: readonly string[];
  readonly equal: boolean;
  readonly value: string;
}

/**
 * The selector of a list, watch or deletecollection; undefined when everything is wanted.
 * Throws `BadRequest` naming the term that is not understood.
 */
export function parseSelector(
  kind: Kind,
  labelSelector: string | null,
  fieldSelector: string | null,
): Selector | undefined {
  const labelTests = splitTerms(labelSelector ?? "").map(labelTest);
  const fieldTerms = splitTerms(fieldSelector ?? "").map(parseFieldTerm);
  const tests = [...labelTests, ...fieldTerms.map((term) => fieldTest(kind, term))];
  if (tests.length === 0) return undefined;
  return {
    matches: (resource) => tests.every((passes) => passes(resource)),
    stable: labelTests.length === 0 && fieldTerms.every(({ path }) => isIdentity(path.join("."))),
  };
}

function parseFieldTerm(term: string): FieldTerm {
  const match = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(term);
  if (match === null)
    throw new StatusError("BadRequest", `invalid field selector "${term}": give path=value`);
  return { path: (match[1] ?? "").split("."), equal: match[2] !== "!=", value: match[3] ?? "" };
}

function isIdentity(path: string): boolean {
  return path === "metadata.name" || path === "metadata.namespace";
}

function fieldTest(kind: Kind, { path, equal, value }: FieldTerm): Test {
  if (!isScalar(kind.schema, path)) {
    throw new StatusError("BadRequest", `field label not supported: ${path.join(".")}`);
  }
  return (resource) => {
    const found = path.reduce<unknown>(fieldOf, resource);
    return (String(found ?? "") === value) === equal;
  };
}

/** Any scalar that the schema has at a fixed path may be selected by. */
function isScalar(schema: Kind["schema"], path: readonly string[]): boolean {
  const leaf = path.reduce<unknown>((at, name) => fieldOf(fieldOf(at, "properties"), name), schema);
  return (
    isRecord(leaf) && leaf.properties === undefined && leaf.items === undefined && leaf.type !== "object"
  );
}

const key = "(?:[a-zA-Z0-9][-a-zA-Z0-9.]{0,252}/)?[a-zA-Z0-9][-a-zA-Z0-9_.]{0,62}";
const patterns = {
  exists: new RegExp(`^(!?)\\s*(${key})$`),
  equals: new RegExp(`^(${key})\\s*(==|=|!=)\\s*([-a-zA-Z0-9_.]{0,63})$`),
  set: new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([-a-zA-Z0-9_., ]*)\\)$`),
};

function labelTest(term: string): Test {
  const exists = patterns.exists.exec(term);
  if (exists !== null) {
    const wanted = exists[1] === "";
    return (resource) => (labelOf(resource, exists[2]) !== undefined) === wanted;
  }
  const equals = patterns.equals.exec(term);
  if (equals !== null) {
    const wanted = equals[2] !== "!=";
    return (resource) => (labelOf(resource, equals[1]) === equals[3]) === wanted;
  }
  const set = patterns.set.exec(term);
  if (set !== null) {
    const values = new Set((set[3] ?? "").split(",").map((value) => value.trim()));
    const wanted = set[2] === "in";
    return (resource) => values.has(labelOf(resource, set[1]) ?? missing) === wanted;
  }
  throw new StatusError("BadRequest", `unable to parse label selector "${term}"`);
}

/** No label value has a space in it. */
const missing = " ";

function labelOf(resource: Resource, name: string | undefined): string | undefined {
  const labels = resource.metadata.labels;
  return labels !== undefined && name !== undefined && Object.hasOwn(labels, name) ? labels[name] : undefined;
}

/** Splits at commas outside parentheses. */
function splitTerms(text: string): string[] {
  if (text.length > maxLength) {
    throw new StatusError("BadRequest", `a selector may have at most ${maxLength} characters`);
  }
  return text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
}
