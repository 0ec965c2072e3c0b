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
  const isList = Array.isArray(value);
  const items: readonly unknown[] = isList ? value : Object.values(value);
  seen.values += items.length;
  if (seen.values > maxValues) throw refusal(`holds more than ${maxValues} values`);
  const forbidden = isList ? undefined : Object.keys(value).find((key) => forbiddenKeys.has(key));
  if (forbidden !== undefined) throw refusal(`has a field named "${forbidden}", which is not allowed`);
  for (const item of items) walk(item, depth + 1, seen);
}

function refusal(why: string): StatusError {
  return new StatusError("BadRequest", `the request body ${why}`);
}
