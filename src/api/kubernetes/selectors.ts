import { StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
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
  readonly label: string;
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
    stable: labelTests.length === 0 && fieldTerms.every(({ label }) => isIdentity(label)),
  };
}

function parseFieldTerm(term: string): FieldTerm {
  const match = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(term);
  if (match === null)
    throw new StatusError("BadRequest", `invalid field selector "${term}": give path=value`);
  return { label: match[1] ?? "", equal: match[2] !== "!=", value: match[3] ?? "" };
}

function isIdentity(label: string): boolean {
  return label === "metadata.name" || label === "metadata.namespace";
}

function fieldTest(kind: Kind, { label, equal, value }: FieldTerm): Test {
  const path = pathOfLabel(kind, label);
  if (path === undefined) {
    const message = `field label not supported: ${label}; known: ${labelsOf(kind).join(", ")}`;
    throw new StatusError("BadRequest", message);
  }
  const steps = path.split(".");
  return (resource) => {
    const found = steps.reduce<unknown>(fieldOf, resource);
    return (String(found ?? "") === value) === equal;
  };
}

/** Only what a kind declares can be selected by: clients learn it from the kind's description. */
function pathOfLabel({ selectableFields = [] }: Kind, label: string): string | undefined {
  if (isIdentity(label)) return label;
  for (const field of selectableFields) {
    const known = typeof field === "string" ? { label: field, path: field } : field;
    if (known.label === label) return known.path;
  }
  return undefined;
}

function labelsOf({ selectableFields = [] }: Kind): readonly string[] {
  const own = selectableFields.map((field) => (typeof field === "string" ? field : field.label));
  return ["metadata.name", "metadata.namespace", ...own];
}

const word = "[a-zA-Z0-9](?:[-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?";
const key = `(?:[a-zA-Z0-9][-a-zA-Z0-9.]{0,252}/)?${word}`;
const patterns = {
  exists: new RegExp(`^(!?)\\s*(${key})$`),
  equals: new RegExp(`^(${key})\\s*(==|=|!=)\\s*((?:${word})?)$`),
  set: new RegExp(`^(${key})\\s+(in|notin)\\s*\\(\\s*((?:${word})?(?:\\s*,\\s*(?:${word})?)*)\\s*\\)$`),
  compare: new RegExp(`^(${key})\\s*([<>])\\s*(-?[0-9]{1,15})$`),
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
  const compare = patterns.compare.exec(term);
  if (compare !== null) {
    const limit = Number(compare[3]);
    const wanted = compare[2] === ">" ? (value: number) => value > limit : (value: number) => value < limit;
    return (resource) => wanted(wholeNumber(labelOf(resource, compare[1])));
  }
  const forms = "name=value, name!=value, name in (a,b), name notin (a,b), name, !name";
  throw new StatusError("BadRequest", `unable to parse label selector "${term}": give ${forms}`);
}

/** Not a number, which nothing is more or less than, unless it is written as one. */
function wholeNumber(text = ""): number {
  return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
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
