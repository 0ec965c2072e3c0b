import { hash } from "node:crypto";

/** What is told of one thing that was asked or done. Never a body, never a secret. */
export type AuditFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A record's place in the chain. */
export interface Link {
  /** Counts from 1, without gaps. */
  readonly seq: number;
  /** SHA-256 of the record, in hexadecimal: it covers the hash of the one before. */
  readonly hash: string;
}

/** What the log notes of itself when something is missing. */
export const endMoved = "the end is not where it was";
export const recordsLost = "records were lost";

/** Before the first record. */
export const genesis: Link = { seq: 0, hash: "0".repeat(64) };

/**
 * A record as a line of JSON that is chained to the one before. All but printable ASCII is escaped, so that
 * nothing a client has chosen ends a line, moves a cursor or looks like something else.
 */
export function chainRecord(
  before: Link,
  fields: AuditFields,
): { readonly line: string; readonly link: Link } {
  const seq = before.seq + 1;
  const body = printable(JSON.stringify({ seq, prev: before.hash, ...fields }));
  const digest = hash("sha256", body, "hex");
  return { line: `${body.slice(0, -1)},"hash":"${digest}"}\n`, link: { seq, hash: digest } };
}

/** The parts of a line that tie it to others; undefined for what is no record, or not as it was written. */
export function readRecord(line: string): (Link & { readonly prev: string }) | undefined {
  const match = recordPattern.exec(line);
  const [, body = "", seq = "", prev = "", digest = ""] = match ?? [];
  if (match === null || hash("sha256", `${body}}`, "hex") !== digest) return undefined;
  return { seq: Number(seq), prev, hash: digest };
}

const recordPattern = /^(\{"seq":([0-9]{1,15}),"prev":"([0-9a-f]{64})"[ -~]*),"hash":"([0-9a-f]{64})"\}$/;

function printable(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
