import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { startCli } from "../testing/cli-fixture.ts";

t.test("a kubeconfig with a certificate works by itself, as its user", async (t) => {
  await using cli = await startCli();
  const directory = await mkdtemp(join(tmpdir(), "ostler-user-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const { code, stdout } = await cli.run(["user", "certificate", "ann", "--group", "system:masters"]);
  t.equal(code, 0);
  const path = join(directory, "kubeconfig");
  await writeFile(path, stdout);
  t.match(await cli.run(["get", "hosts"], { env: { OSTLER_KUBECONFIG: path } }), { code: 0 });
  const { stdout: json } = await cli.run(["user", "certificate", "bob", "-o", "json", "--expires", "12h"]);
  t.match(JSON.parse(json), { user: "bob", certificate: /BEGIN CERTIFICATE/, privateKey: /BEGIN PRIVATE/ });
  t.match(await cli.run(["user", "certificate", "bob", "-o", "yaml"]), { code: 2 });
});
