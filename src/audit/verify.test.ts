import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { auditFileName } from "./audit-files.ts";
import { chainRecord, genesis } from "./record.ts";
import { verifyAudit } from "./verify.ts";

t.test("a folder that is not there, or a chain begun anew, is no log that is whole", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "ostler-audit-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  t.match(await verifyAudit(join(directory, "none")), { records: 0, problems: [/no such folder/] });
  const one = chainRecord(genesis, {});
  const forged = chainRecord({ seq: 0, hash: "f".repeat(64) }, {});
  writeFileSync(join(directory, auditFileName(1)), forged.line);
  t.match((await verifyAudit(directory)).problems, [/the first record follows another one/]);
  writeFileSync(join(directory, auditFileName(1)), one.line);
  t.same((await verifyAudit(directory, one.link)).problems, []);
  t.match((await verifyAudit(directory, forged.link)).problems, [/is not there/]);
});
