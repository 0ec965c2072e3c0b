import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { auditFileName } from "../audit/audit-files.ts";
import { AuditLog } from "../audit/audit-log.ts";
import { systemClock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/logger.ts";
import { startCli } from "../testing/cli-fixture.ts";

t.test("a whole log is whole; a changed one, and one that lacks its anchor, is told of", async (t) => {
  await using cli = await startCli();
  const stateDir = mkdtempSync(join(tmpdir(), "ostler-audit-"));
  t.teardown(() => rmSync(stateDir, { recursive: true }));
  const directory = join(stateDir, "audit");
  {
    await using log = await AuditLog.open({ directory, clock: systemClock, logger: silentLogger });
    await log.appendDurably({ verb: "delete" });
  }
  const verify = (...args: string[]) => cli.run(["audit", "verify", "--state-dir", stateDir, ...args]);
  const whole = await verify();
  t.match(whole, {
    code: 0,
    stdout: /\/audit: 2 records in 1 files, from 1 to 2\nanchor: 2:[0-9a-f]{64}\n$/,
  });
  // Its kubeconfig, which the server writes there, says the same.
  const beside = await cli.run(["--kubeconfig", join(stateDir, "kubeconfig"), "audit", "verify"]);
  t.same(beside, whole);
  const elsewhere = await cli.run(["audit", "verify"], { env: { OSTLER_KUBECONFIG: "/nowhere/kubeconfig" } });
  t.match(elsewhere, { code: 2, stdout: "", stderr: "give --state-dir DIR" });
  const anchor = /anchor: (.*)/.exec(whole.stdout)?.[1] ?? "";
  t.equal((await verify("--anchor", anchor)).code, 0);
  t.match(await verify("--anchor", `1:${"0".repeat(64)}`), { code: 1, stdout: /is not there/ });
  t.equal((await verify("--anchor", "x")).code, 2);
  appendFileSync(join(directory, auditFileName(1)), '{"seq":3}\n');
  t.match(await verify(), { code: 1, stdout: /:3: not a record, or changed/, stderr: /has 1 problems/ });
});
