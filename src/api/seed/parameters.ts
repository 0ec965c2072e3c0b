import { isRecord } from "../../schema/plain.ts";

/** What a request says, by the names of its parameters in lower case. */
export type Parameters = ReadonlyMap<string, string>;

/** Other names that are about for the same thing. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["vm_type", "instance_type"],
  ["image_type", "image_id"],
]);

/**
 * The parameters of a request: those of its query and those of its body, which is a form or a JSON object.
 * Case does not matter in names. One that is given twice with different values is as good as wrong: it is
 * left out, and so is what is no text and no number.
 */
export function readParameters(query: string, body = ""): Parameters {
  const found = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const [given, value] of [...new URLSearchParams(query), ...fieldsOf(body)]) {
    const lower = given.trim().toLowerCase();
    const name = aliases.get(lower) ?? lower;
    if (found.has(name) && found.get(name) !== value) doubtful.add(name);
    found.set(name, value);
  }
  for (const name of doubtful) found.delete(name);
  return found;
}

/** A positive whole number that is an id; undefined for anything else. */
export function idIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,16}$/.test(text.trim())) return undefined;
  const id = Number(text);
  return id > 0 && Number.isSafeInteger(id) ? id : undefined;
}

function fieldsOf(body: string): readonly (readonly [string, string])[] {
  const text = body.trim();
  if (!text.startsWith("{")) return [...new URLSearchParams(text)];
  const value = parseOr(text);
  const fields = isRecord(value) ? Object.entries(value) : [];
  return fields.flatMap(([name, field]) =>
    typeof field === "string" || typeof field === "number" ? [[name, String(field)] as const] : [],
  );
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
