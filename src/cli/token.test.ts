import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { AccessTokenKind } from "../schema/access-token.ts";
import { startCli } from "../testing/cli-fixture.ts";

const cli = await startCli();
t.teardown(() => cli[Symbol.asyncDispose]());
const directory = await mkdtemp(join(tmpdir(), "ostler-token-"));
t.teardown(() => rm(directory, { recursive: true }));

t.test("a token is shown once, is known by its hash alone, and ends when it is revoked", async (t) => {
  const { stdout, code } = await cli.run(["token", "create", "ci", "--group", "system:masters"]);
  t.equal(code, 0);
  t.match(stdout, /^ostler_[A-Za-z0-9_-]{43}\n$/);
  const headers = { authorization: `Bearer ${stdout.trim()}` };
  t.equal((await cli.api.call("GET", "/apis/ostler.dev/v1/hosts", { headers })).code, 200);
  const stored = JSON.stringify(await cli.api.store.get(AccessTokenKind, { name: "ci" }));
  t.notMatch(stored, stdout.trim());
  const list = await cli.run(["token", "list"]);
  t.match(list.stdout, /^NAME +USER +GROUPS +EXPIRES +LAST USED +AGE\nci +ci +system:masters +20/);
  t.match(await cli.run(["token", "revoke", "ci"]), { code: 0, stdout: "accesstoken/ci revoked\n" });
  t.equal((await cli.api.call("GET", "/apis/ostler.dev/v1/hosts", { headers })).code, 401);
  t.match(await cli.run(["token", "revoke", "ci"]), { code: 3 });
});

t.test("a kubeconfig with a token works by itself", async (t) => {
  const args = ["token", "create", "ann-1", "--user", "ann", "--group", "system:masters", "-o", "kubeconfig"];
  const { stdout } = await cli.run([...args, "--expires", "12h"]);
  const path = join(directory, "kubeconfig");
  await writeFile(path, stdout);
  const env = { OSTLER_KUBECONFIG: path };
  t.match(await cli.run(["get", "hosts"], { env }), { code: 0 });
  t.match(await cli.api.store.get(AccessTokenKind, { name: "ann-1" }), { spec: { userName: "ann" } });
});

t.test("what cannot be meant is refused before anything is made", async (t) => {
  t.match(await cli.run(["token", "create", "x", "-o", "yaml"]), { code: 2 });
  t.match(await cli.run(["token", "create", "x", "--expires", "soon"]), { code: 2 });
  t.equal(await cli.api.store.get(AccessTokenKind, { name: "x" }), undefined);
  const { stdout } = await cli.run(["token", "create", "forever", "--expires", "never", "-o", "json"]);
  t.match(JSON.parse(stdout), { name: "forever", token: /^ostler_/ });
});
