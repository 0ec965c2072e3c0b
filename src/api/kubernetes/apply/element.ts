import { isForbiddenKey, isRecord } from "../../../schema/plain.ts";

/** The step to a named field. */
export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** The step to the item of a set that has this value. */
export function valueElement(value: unknown): string {
  return `v:${JSON.stringify(value)}`;
}

/** The step to the item of a list that has these keys. */
export function keyElement(keys: readonly (readonly [name: string, value: unknown])[]): string {
  const [only, ...others] = keys;
  if (only !== undefined && others.length === 0) {
    return `k:{${JSON.stringify(only[0])}:${JSON.stringify(only[1])}}`;
  }
  const sorted = keys.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `k:${JSON.stringify(Object.fromEntries(sorted))}`;
}

/** A step that somebody else wrote, as we write it; undefined if it is none. */
export function canonicalElement(element: string): string | undefined {
  const rest = element.slice(2);
  switch (element.slice(0, 2)) {
    case "f:":
      return isForbiddenKey(rest) ? undefined : element;
    case "v:": {
      const value = parse(rest);
      return value === undefined ? undefined : valueElement(value);
    }
    case "k:": {
      const keys = parse(rest);
      return isRecord(keys) ? keyElement(Object.entries(keys)) : undefined;
    }
    case "i:":
      return /^\d{1,9}$/.test(rest) ? element : undefined;
    default:
      return undefined;
  }
}

/** A path as people read it: `.spec.disks[name="a"].size`, `.metadata.finalizers[="x"]`. */
export function formatPath(path: readonly string[]): string {
  return path.map(formatElement).join("");
}

function formatElement(element: string): string {
  const rest = element.slice(2);
  switch (element.slice(0, 2)) {
    case "f:":
      return `.${rest}`;
    case "v:":
      return `[=${rest}]`;
    case "k:": {
      const keys = parse(rest);
      const parts = Object.entries(isRecord(keys) ? keys : {}).map(
        ([name, value]) => `${name}=${JSON.stringify(value)}`,
      );
      return `[${parts.join(",")}]`;
    }
    default:
      return `[${rest}]`;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
