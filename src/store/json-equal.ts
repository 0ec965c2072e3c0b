/** Whether two JSON values are the same. Order of keys does not matter; a key set to undefined is absent. */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => jsonEqual(item, b[index]));
  }
  return isFields(a) && isFields(b) && fieldsEqual(a, b);
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsEqual(a: Fields, b: Fields): boolean {
  for (const key in a) {
    if (!jsonEqual(a[key], b[key])) return false;
  }
  for (const key in b) {
    if (a[key] === undefined && b[key] !== undefined) return false;
  }
  return true;
}
