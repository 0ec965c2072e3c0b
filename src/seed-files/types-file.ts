import { isRecord } from "../schema/plain.ts";
import { type LooseData, readLooseData } from "./loose-data.ts";
import type { LineNote, ParsedFile } from "./problem.ts";

/** A size that a file names. */
export interface TypeEntry {
  readonly line: number;
  /** The number that the file gives it. */
  readonly tid?: number;
  readonly cpus: number;
  readonly megabytes: number;
  /** 0: as large as the image. */
  readonly diskGigabytes: number;
}

const listFields = ["types", "flavors"];
const limits = {
  tid: { least: 1, most: 1e9, whole: true },
  cpu: { least: 1, most: 512, whole: true },
  ram: { least: 1, most: 2 ** 30, whole: true },
  disk: { least: 0, most: 2 ** 20, whole: false },
} as const;
type FieldName = keyof typeof limits;

/**
 * Reads sizes: `{"types": [{"tid": 1, "cpu": 1, "ram": 512, "disk": 1}, ...]}`, also without tids, without
 * the outer braces, with trailing commas and in Python's quotes. Memory in MB, disk in GB.
 */
export function parseTypesFile(text: string): ParsedFile<TypeEntry> {
  const data = readLooseData(text);
  if (data.type === "problem") return { entries: [], problems: [data.problem], notes: [] };
  const path = isRecord(data.value) ? listFields.filter((field) => field in Object(data.value)) : [];
  const list = isRecord(data.value) ? data.value[path[0] ?? ""] : data.value;
  if (!Array.isArray(list) || list.length === 0) {
    return { entries: [], problems: [{ line: 1, message: 'there is no list "types"' }], notes: [] };
  }
  const items = list.map((item: unknown, index) => readEntry(item, [...path.slice(0, 1), index], data));
  const entries = items.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  const problems = items.flatMap((item) => item.problems);
  return {
    entries,
    problems: [...problems, ...duplicates(entries)],
    notes: items.flatMap((item) => item.notes),
  };
}

type Data = Extract<LooseData, { type: "data" }>;

interface Item {
  readonly entry: TypeEntry | undefined;
  readonly problems: readonly LineNote[];
  readonly notes: readonly LineNote[];
}

function readEntry(item: unknown, path: readonly (string | number)[], data: Data): Item {
  const line = data.lineOf(path);
  if (!isRecord(item)) {
    return {
      entry: undefined,
      problems: [{ line, message: "a type is written {cpu, ram, disk}" }],
      notes: [],
    };
  }
  const problems: LineNote[] = [];
  const read = (field: FieldName, absent?: number): number => {
    const value = numberOf(item[field], field, absent);
    if (typeof value === "number") return value;
    problems.push({ line: field in item ? data.lineOf([...path, field]) : line, message: value });
    return 0;
  };
  const size = { cpus: read("cpu"), megabytes: read("ram"), diskGigabytes: read("disk", 0) };
  const tid = item.tid === undefined ? {} : { tid: read("tid") };
  const notes = Object.keys(item)
    .filter((field) => !Object.hasOwn(limits, field))
    .map((field) => ({ line: data.lineOf([...path, field]), message: `"${field}" means nothing here` }));
  return { entry: problems.length > 0 ? undefined : { line, ...tid, ...size }, problems, notes };
}

/** A number, also written as a text; else what is wrong with it. */
function numberOf(value: unknown, field: FieldName, absent: number | undefined): number | string {
  if (value === undefined || value === null) return absent ?? `"${field}" is missing`;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  const { least, most, whole } = limits[field];
  const isRight = typeof number === "number" && number >= least && number <= most;
  if (isRight && (!whole || Number.isInteger(number))) return number;
  const kind = whole ? "a whole number" : "a number";
  return `"${field}" is ${kind} from ${least} to ${most}, not ${JSON.stringify(value)}`;
}

function duplicates(entries: readonly TypeEntry[]): readonly LineNote[] {
  return entries.flatMap(({ line, tid }, index) => {
    const first = entries.findIndex((other) => other.tid === tid);
    if (tid === undefined || first === index) return [];
    return [{ line, message: `tid ${tid} is in line ${entries[first]?.line} as well` }];
  });
}
