import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { openAuditFile } from "./audit-file.ts";

t.test("a file is added to, is its owner's, and goes on where it was", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "ostler-audit-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "log");
  for (const text of ["one\n", "two\n"]) {
    const file = openAuditFile(path);
    file.append(text);
    await file.sync();
    t.equal(file.bytes, statSync(path).size);
    file.close();
  }
  t.equal(readFileSync(path, "utf8"), "one\ntwo\n");
  t.equal(statSync(path).mode & 0o777, 0o600);
});

t.test("a device that is full takes nothing", async (t) => {
  t.throws(() => openAuditFile("/dev/full").append("x"));
});
