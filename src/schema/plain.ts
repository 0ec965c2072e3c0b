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
  return copyValue(value, { path: [], values: 0 });
}

interface Walk {
  readonly path: FieldStep[];
  values: number;
}

function copyValue(value: unknown, walk: Walk): unknown {
  walk.values += 1;
  if (walk.values > maxValues) throw refusal(walk, `holds more than ${maxValues} values`);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw refusal(walk, `must be a finite number, is ${value}`);
    case "object":
      if (value === null) return null;
      if (walk.path.length >= maxDepth) throw refusal(walk, `is nested deeper than ${maxDepth}`);
      return Array.isArray(value) ? copyList(value, walk) : copyRecord(value, walk);
    default:
      throw refusal(walk, `must be JSON, is of type ${typeof value}`);
  }
}

function copyList(list: readonly unknown[], walk: Walk): unknown[] {
  return list.map((item, index) => copyInto(index, item, walk));
}

function copyRecord(record: object, walk: Walk): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(record);
  if (prototype !== Object.prototype && prototype !== null) throw refusal(walk, "must be JSON");
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(record)) {
    const value: unknown = Reflect.get(record, key);
    if (value === undefined) continue;
    if (isForbiddenKey(key)) {
      walk.path.push(key);
      throw refusal(walk, "this key is not allowed");
    }
    copy[key] = copyInto(key, value, walk);
  }
  return copy;
}

function copyInto(step: FieldStep, value: unknown, walk: Walk): unknown {
  walk.path.push(step);
  const copy = copyValue(value, walk);
  walk.path.pop();
  return copy;
}

function refusal(walk: Walk, message: string): StatusError {
  const field = formatField(walk.path);
  const cause: StatusCause = { field, message, reason: "FieldValueInvalid" };
  return new StatusError("Invalid", `${field === "" ? "the object" : field}: ${message}`, {
    causes: [cause],
  });
}
