import { join } from "node:path";
import { verifyAudit } from "../audit/verify.ts";
import { StatusError } from "../runtime/errors.ts";
import { UsageError } from "./exit-codes.ts";
import { printable } from "./output.ts";
import type { Output } from "./session.ts";

/** Looks through the audit log of a state directory. Throws when anything in it is not as it was written. */
export async function auditVerify(
  stdout: Output,
  { stateDir, anchor }: { readonly stateDir: string; readonly anchor?: string | undefined },
): Promise<void> {
  const wanted = anchor === undefined ? undefined : readAnchor(anchor);
  const directory = join(stateDir, "audit");
  const { files, records, first, last, problems } = await verifyAudit(directory, wanted);
  const range = `from ${first ?? "none"} to ${last?.seq ?? "none"}`;
  stdout.write(`${printable(directory)}: ${records} records in ${files} files, ${range}\n`);
  if (last !== undefined) stdout.write(`anchor: ${last.seq}:${last.hash}\n`);
  for (const problem of problems) stdout.write(`${printable(problem)}\n`);
  if (problems.length > 0) throw new StatusError("Conflict", `the audit log has ${problems.length} problems`);
}

function readAnchor(text: string): { readonly seq: number; readonly hash: string } {
  const [, seq, hash] = /^([0-9]{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) throw new UsageError("--anchor is SEQ:HASH");
  return { seq: Number(seq), hash };
}
