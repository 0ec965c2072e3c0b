import { StatusError } from "../../runtime/errors.ts";
import { isRecord } from "../../schema/plain.ts";

/** An object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Deeper than any resource; far below what a recursive walk can bear. */
const maxDepth = 64;
/** More than any resource of a megabyte has; what has more is only there to be walked through. */
const maxValues = 100_000;
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses what came over the wire. Throws `BadRequest` for bad JSON, more than 64 levels or 100,000 values,
 * and keys that could reach a prototype; messages do not echo the input.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StatusError("BadRequest", "the request body is not valid JSON", { cause });
  }
  assertHarmless(value);
  return value;
}

/** The own field of an object; undefined for anything else. */
export function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Throws `BadRequest` for more than 64 levels or 100,000 values, and keys that could reach a prototype. */
export function assertHarmless(value: unknown): void {
  walk(value, 0, { values: 0 });
}

function walk(value: unknown, depth: number, seen: { values: number }): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= maxDepth) throw refusal(`is nested deeper than ${maxDepth} levels`);
  if (Array.isArray(value)) {
    count(seen, value.length);
    for (const item of value) walk(item, depth + 1, seen);
  } else if (isRecord(value)) {
    for (const key in value) {
      if (forbiddenKeys.has(key)) throw refusal(`has a field named "${key}", which is not allowed`);
      count(seen, 1);
      walk(value[key], depth + 1, seen);
    }
  }
}

function count(seen: { values: number }, more: number): void {
  seen.values += more;
  if (seen.values > maxValues) throw refusal(`holds more than ${maxValues} values`);
}

function refusal(why: string): StatusError {
  return new StatusError("BadRequest", `the request body ${why}`);
}
