import { existsSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { genesis, type Link, readRecord } from "./record.ts";

const namePattern = /^audit-[0-9]{15}\.jsonl$/;

/** The file that begins with record `seq`. */
export function auditFileName(seq: number): string {
  return `audit-${String(seq).padStart(15, "0")}.jsonl`;
}

/** The files of a trail in their order. */
export function auditFileNames(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => namePattern.test(name))
    .sort();
}

/** Where the end of the trail was last seen to be: what is cut off there is missed. */
export const headName = "head";

/** The record that the head names; undefined when there is none, or none that can be read. */
export function readHead(directory: string): Link | undefined {
  const path = join(directory, headName);
  if (!existsSync(path)) return undefined;
  const [, seq, hash] = /^([0-9]{1,15}) ([0-9a-f]{64})\s*$/.exec(readFileSync(path, "latin1")) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}

export interface TrailEnd {
  readonly last: Link;
  /** The file to go on with; undefined: there is none yet. */
  readonly file: string | undefined;
  /** Bytes of a record that was not written to its end, and has been removed. */
  readonly tornBytes: number;
}

/** Where to go on. Half a record at the very end was never acknowledged, and is cut off. */
export function findEnd(directory: string): TrailEnd {
  const file = auditFileNames(directory).at(-1);
  if (file === undefined) return { last: genesis, file, tornBytes: 0 };
  const path = join(directory, file);
  const text = readFileSync(path, "latin1");
  const end = text.lastIndexOf("\n") + 1;
  if (end < text.length) truncateSync(path, end);
  const line = text.slice(text.lastIndexOf("\n", end - 2) + 1, Math.max(0, end - 1));
  const found = readRecord(line);
  const last = found && { seq: found.seq, hash: found.hash };
  return {
    last: last ?? { seq: Number(/[0-9]{15}/.exec(file)?.[0]) - 1, hash: genesis.hash },
    file,
    tornBytes: text.length - end,
  };
}
