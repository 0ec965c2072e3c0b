import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { auditFileNames, readHead } from "./audit-files.ts";
import { endMoved, genesis, type Link, readRecord, recordsLost } from "./record.ts";

/** What a look at a whole trail has found. */
export interface AuditReport {
  readonly files: number;
  readonly records: number;
  readonly first: number | undefined;
  readonly last: Link | undefined;
  /** `FILE:LINE: what is wrong`. */
  readonly problems: readonly string[];
}

const maxProblems = 100;

/**
 * Reads a trail from its oldest record on: each must be as it was written and follow the one before. Throws
 * nothing for what is wrong in it. What is cut off at its end is found by its head, or by an `anchor` that
 * was kept elsewhere: a record that must be there.
 */
export async function verifyAudit(directory: string, anchor?: Link): Promise<AuditReport> {
  const names = auditFileNames(directory);
  const found: string[] = existsSync(directory) ? [] : [`${directory}: there is no such folder`];
  let first: number | undefined;
  let last: Link | undefined;
  let records = 0;
  let anchored = anchor === undefined;
  for (const name of names) {
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(join(directory, name), "latin1") })) {
      number += 1;
      const record = readRecord(line);
      if (record === undefined) {
        found.push(`${name}:${number}: not a record, or changed after it was written`);
        continue;
      }
      const problems = [followProblem(last, record), notedProblem(line)].filter((text) => text !== undefined);
      found.push(...problems.map((problem) => `${name}:${number}: ${problem}`));
      anchored ||= record.seq === anchor?.seq && record.hash === anchor.hash;
      first ??= record.seq;
      last = record;
      records += 1;
    }
  }
  if (!anchored) found.push(`record ${anchor?.seq} with hash ${anchor?.hash} is not there`);
  found.push(...headProblems(directory, last));
  return { files: names.length, records, first, last, problems: found.slice(0, maxProblems) };
}

function followProblem(last: Link | undefined, record: Link & { readonly prev: string }): string | undefined {
  if (last === undefined) {
    return record.seq === 1 && record.prev !== genesis.hash
      ? "the first record follows another one"
      : undefined;
  }
  if (record.seq !== last.seq + 1) return `record ${record.seq} follows ${last.seq}: some are missing`;
  return record.prev === last.hash ? undefined : `record ${record.seq} does not follow the one before it`;
}

/** What the log itself has noticed. Text from a client cannot look like this: its quotes are escaped. */
function notedProblem(line: string): string | undefined {
  if (line.includes(`"note":"${endMoved}"`)) return "the log was cut off here before it went on";
  return line.includes(`"note":"${recordsLost}"`) ? "records could not be written here" : undefined;
}

function headProblems(directory: string, last: Link | undefined): readonly string[] {
  const head = readHead(directory);
  if (head === undefined || (head.seq === last?.seq && head.hash === last.hash)) return [];
  if (last !== undefined && last.seq > head.seq) return [];
  return [`the end is missing: the log has ended with record ${head.seq}, and is at ${last?.seq ?? 0}`];
}
