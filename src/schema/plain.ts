import { type StatusCause, StatusError } from "../runtime/errors.ts";
import { type FieldStep, formatField } from "./field-path.ts";

/** Keys that could reach a prototype in code that copies carelessly; never a field, label or annotation. */
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const maxDepth = 64;
const maxValues = 100_000;

/** Whether a key is one that no object may have. */
export function isForbiddenKey(key: string): boolean {
  return forbiddenKeys.has(key);
}

/** Whether a value is an object with keys: not null, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A deep copy of JSON data, sharing nothing with `value`; keys that are undefined are left out. Throws
 * `Invalid` for what JSON cannot hold, for the keys `__proto__`, `constructor` and `prototype`, and for data
 * nested deeper than 64 or holding more than 100,000 values (as a few references to one list can).
 */
export function copyPlain(value: unknown): unknown {
  return copyValue(value, { path: [], values: 0 }, 0);
}

interface Walk {
  /** How the value that is looked at was reached: as many steps of it as it is deep. */
  readonly path: FieldStep[];
  values: number;
}

function copyValue(value: unknown, walk: Walk, depth: number): unknown {
  walk.values += 1;
  if (walk.values > maxValues) throw refusal(walk, depth, `holds more than ${maxValues} values`);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw refusal(walk, depth, `must be a finite number, is ${value}`);
    case "object":
      if (value === null) return null;
      if (depth >= maxDepth) throw refusal(walk, depth, `is nested deeper than ${maxDepth}`);
      if (Array.isArray(value)) return copyList(value, walk, depth);
      return isRecord(value) ? copyRecord(value, walk, depth) : value;
    default:
      throw refusal(walk, depth, `must be JSON, is of type ${typeof value}`);
  }
}

function copyList(list: readonly unknown[], walk: Walk, depth: number): unknown[] {
  return list.map((item, index) => {
    walk.path[depth] = index;
    return copyValue(item, walk, depth + 1);
  });
}

function copyRecord(record: Record<string, unknown>, walk: Walk, depth: number): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(record);
  if (prototype !== Object.prototype && prototype !== null) throw refusal(walk, depth, "must be JSON");
  const copy: Record<string, unknown> = {};
  for (const key in record) {
    const value = record[key];
    if (value === undefined) continue;
    walk.path[depth] = key;
    if (isForbiddenKey(key)) throw refusal(walk, depth + 1, "this key is not allowed");
    copy[key] = copyValue(value, walk, depth + 1);
  }
  return copy;
}

function refusal({ path }: Walk, depth: number, message: string): StatusError {
  const field = formatField(path.slice(0, depth));
  const cause: StatusCause = { field, message, reason: "FieldValueInvalid" };
  return new StatusError("Invalid", `${field === "" ? "the object" : field}: ${message}`, {
    causes: [cause],
  });
}
