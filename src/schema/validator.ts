import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from "ajv/dist/2020.js";
import type { TSchema } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import { closest } from "./closest.ts";
import { type FieldStep, formatField } from "./field-path.ts";
import { mergeKeywords } from "./list-type.ts";
import { wordsForPattern } from "./pattern-words.ts";

/**
 * Only our own schemas are compiled, never a user's; `$data` stays off. The tests check them strictly. V8
 * optimises what is generated as well as AJV does, and AJV would take four times as long to compile.
 */
const options: Options = {
  strict: true,
  meta: false,
  validateSchema: false,
  useDefaults: true,
  verbose: true,
  keywords: [...mergeKeywords],
  code: { optimize: false },
};

/** Stops at the first problem: the cost of a hostile object is bounded by its size. */
const first = compiler({ ...options, allErrors: false });

/** Finds every problem; only ever shown objects that are small. */
const every = compiler({ ...options, allErrors: true });

const explainedLength = 64 * 1024;
const maxCauses = 64;
const shownLength = 40;

/** What a value is held against: a Kind, or anything else with a schema. */
export interface Shape<T> {
  readonly schema: TSchema;
  check?(value: T): readonly StatusCause[];
}

/** Whether a value has this shape. Fills in defaults: `value` is changed. */
export function conforms<T>(shape: Shape<T>, value: unknown): value is T {
  return first(shape.schema)(value) === true;
}

/** What keeps a value from conforming: at most one cause for each field, such as `spec.disks[0].size`. */
export function explain({ schema }: Pick<Shape<never>, "schema">, value: unknown): readonly StatusCause[] {
  const small = JSON.stringify(value).length <= explainedLength;
  const validate = (small ? every : first)(schema);
  if (validate(value) === true) return [];
  const causes = new Map<string, StatusCause>();
  for (const error of validate.errors ?? []) {
    if (/\/anyOf\/\d/.test(error.schemaPath)) continue;
    const cause = causeOf(error);
    if (!causes.has(cause.field)) causes.set(cause.field, cause);
    if (causes.size >= maxCauses) break;
  }
  return [...causes.values()];
}

/** Compiles each schema when it is first asked for. */
function compiler(settings: Options): (schema: TSchema) => ValidateFunction {
  let ajv: Ajv2020 | undefined;
  const compiled = new WeakMap<TSchema, ValidateFunction>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    ajv ??= new Ajv2020(settings);
    const validate = ajv.compile(schema);
    compiled.set(schema, validate);
    return validate;
  };
}

function causeOf(error: ErrorObject): StatusCause {
  const path = stepsOf(error.instancePath);
  if (error.parentSchema?.writeOnly === true) return causeOfHidden(error, path);
  switch (error.keyword) {
    case "additionalProperties": {
      const name = String(error.params.additionalProperty);
      return { field: formatField([...path, name]), ...unknownField(name, error.parentSchema) };
    }
    case "required": {
      const field = formatField([...path, String(error.params.missingProperty)]);
      return { field, message: "required", reason: "FieldValueRequired" };
    }
    case "type":
    case "anyOf":
      return { field: formatField(path), message: typeMessage(error), reason: "FieldValueTypeInvalid" };
    case "enum":
      return { field: formatField(path), message: enumMessage(error), reason: "FieldValueNotSupported" };
    default:
      return { field: formatField(path), message: limitMessage(error), reason: "FieldValueInvalid" };
  }
}

/** Says what is wanted, and nothing of what is there: messages end up in logs. */
function causeOfHidden({ keyword, schema }: ErrorObject, path: readonly FieldStep[]): StatusCause {
  const message = keyword === "maxLength" ? `must be at most ${schema} characters long` : "must be a string";
  return { field: formatField(path), message, reason: "FieldValueInvalid" };
}

/** The steps of a JSON pointer. */
function stepsOf(pointer: string): FieldStep[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~")));
}

function unknownField(name: string, schema: ErrorObject["parentSchema"]): Omit<StatusCause, "field"> {
  const known = Object.keys(schema?.properties ?? {});
  if (known.length === 0) return { message: "not a valid key", reason: "FieldNameInvalid" };
  const meant = closest(name, known);
  const hint = meant === undefined ? `known: ${known.join(", ")}` : `did you mean "${meant}"?`;
  return { message: `unknown field; ${hint}`, reason: "UnknownField" };
}

function typeMessage({ schema, data, parentSchema }: ErrorObject): string {
  const types = Array.isArray(schema) ? schema.map((branch) => String(branch?.type)) : [String(schema)];
  const wanted = types.map((type) => typeNames[type] ?? type).join(" or ");
  return `must be ${wanted}${example(parentSchema)}, is ${describe(data)}${quoteHint(types, data)}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a string",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
};

/** YAML reads an unquoted 10 as a number and on as nothing special: the usual surprise. */
function quoteHint(types: readonly string[], data: unknown): string {
  if (!types.includes("string") || (typeof data !== "number" && typeof data !== "boolean")) return "";
  return "; write it in quotes";
}

function enumMessage({ schema, data }: ErrorObject): string {
  const words: readonly string[] = Array.isArray(schema) ? schema.map(String) : [];
  const meant = typeof data === "string" ? closest(data, words) : undefined;
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return `must be one of ${words.join(", ")}, is ${describe(data)}${hint}`;
}

function limitMessage({ keyword, schema, data, message, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case "const":
      return `must be ${describe(schema)}, is ${describe(data)}`;
    case "pattern":
      return `must ${patternWords(String(schema))}${example(parentSchema)}, is ${describe(data)}`;
    case "maxLength":
      return `must be at most ${schema} characters long, has ${String(data).length}`;
    case "minimum":
      return `must be at least ${schema}, is ${describe(data)}`;
    case "maximum":
      return `must be at most ${schema}, is ${describe(data)}`;
    case "maxItems":
    case "maxProperties":
      return `must have at most ${schema} entries`;
    default:
      return message ?? `breaks the rule ${keyword}`;
  }
}

function patternWords(pattern: string): string {
  const words = wordsForPattern(pattern);
  return words === undefined ? `match ${pattern}` : `be ${words}`;
}

function example(schema: ErrorObject["parentSchema"]): string {
  const examples: unknown = schema?.examples;
  return Array.isArray(examples) ? ` (such as ${examples.map(describe).join(" or ")})` : "";
}

/** A value in few words: scalars as they are, cut short, and the rest by what they are. */
function describe(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value !== "string") return String(value);
  const cut = value.length > shownLength ? `${value.slice(0, shownLength)}…` : value;
  return JSON.stringify(cut);
}
