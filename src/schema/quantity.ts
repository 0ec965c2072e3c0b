import { Type } from "./type.ts";

const suffixes: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["P", 1e15],
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
  ["Pi", 2 ** 50],
]);

const pattern = /^([0-9]{1,15})(\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/;

/** An amount of bytes as people write it: `512Mi`, `10Gi`, `2G`, or a plain number of bytes as a string. */
export const QuantitySchema = Type.String({
  pattern: pattern.source,
  maxLength: 24,
  examples: ["512Mi", "10Gi"],
  description: "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix.",
});

/** What was parsed of late: the same few sizes are asked for again and again. What is no size may be long. */
const parsed = new Map<string, number>();
const maxParsed = 1000;

/** The bytes of a quantity; undefined when the text is not one or exceeds 2^53. */
export function parseQuantity(text: string): number | undefined {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const bytes = parse(text);
  if (bytes === undefined) return undefined;
  if (parsed.size >= maxParsed) parsed.clear();
  parsed.set(text, bytes);
  return bytes;
}

function parse(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const factor = suffixes.get(match[3] ?? "");
  if (factor === undefined) return undefined;
  const bytes = Math.ceil(Number(`${match[1] ?? "0"}${match[2] ?? ""}`) * factor);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Bytes in the largest binary unit that keeps them whole: 536870912 is `512Mi`. */
export function formatQuantity(bytes: number): string {
  for (const suffix of ["Pi", "Ti", "Gi", "Mi", "Ki"]) {
    const factor = suffixes.get(suffix) ?? 1;
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${suffix}`;
  }
  return String(bytes);
}

/** Bytes as people compare them, with three digits: 25025421312 is `23.3Gi`. Never to be read back. */
export function formatRoughly(bytes: number): string {
  const suffix = ["Pi", "Ti", "Gi", "Mi", "Ki"].find((name) => bytes >= (suffixes.get(name) ?? 1)) ?? "";
  const amount = bytes / (suffixes.get(suffix) ?? 1);
  return `${Number(amount.toPrecision(amount < 1000 ? 3 : 4))}${suffix}`;
}
