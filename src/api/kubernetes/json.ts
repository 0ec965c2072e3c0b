import { StatusError } from "../../runtime/errors.ts";
import { isRecord } from "../../schema/plain.ts";

/** An object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Deeper than any resource; far below what a recursive walk can bear. */
const maxDepth = 64;
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses what came over the wire. Throws `BadRequest` for bad JSON, more than 64 levels, and keys that could
 * reach a prototype; messages do not echo the input.
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

/** Throws `BadRequest` for more than 64 levels, and for keys that could reach a prototype. */
export function assertHarmless(value: unknown, depth = 0): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= maxDepth) {
    throw new StatusError("BadRequest", `the request body is nested deeper than ${maxDepth} levels`);
  }
  for (const [key, item] of Object.entries(value)) {
    if (forbiddenKeys.has(key)) {
      throw new StatusError(
        "BadRequest",
        `the request body has a field named "${key}", which is not allowed`,
      );
    }
    assertHarmless(item, depth + 1);
  }
}
