import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { auditFileName, auditFileNames, findEnd, readHead } from "./audit-files.ts";
import { chainRecord, genesis } from "./record.ts";

t.test("the end is the last whole record of the last file", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "ostler-audit-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  t.match(findEnd(directory), { last: genesis, file: undefined, tornBytes: 0 });
  t.equal(readHead(directory), undefined);
  const one = chainRecord(genesis, { a: 1 });
  const two = chainRecord(one.link, { a: 2 });
  writeFileSync(join(directory, auditFileName(1)), one.line);
  writeFileSync(join(directory, auditFileName(2)), `${two.line}half`);
  writeFileSync(join(directory, "notes.txt"), "");
  t.same(auditFileNames(directory), [auditFileName(1), auditFileName(2)]);
  t.same(findEnd(directory), { last: two.link, file: auditFileName(2), tornBytes: 4 });
  writeFileSync(join(directory, "head"), `2 ${two.link.hash}   \n`);
  t.same(readHead(directory), two.link);
  writeFileSync(join(directory, "head"), "nonsense");
  t.equal(readHead(directory), undefined);
});
