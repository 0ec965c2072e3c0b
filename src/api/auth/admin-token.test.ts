import { mkdtemp, readFile, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { systemRandom } from "../../runtime/random.ts";
import { ensureAdminToken } from "./admin-token.ts";
import { bearerAuthenticator } from "./authenticator.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

async function setUp(t: {
  teardown(end: () => Promise<void>): void;
  ok(value: unknown, message: string): boolean;
}) {
  const directory = await mkdtemp(join(tmpdir(), "ostler-token-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const kubeconfigPath = join(directory, "kubeconfig");
  const start = async (): Promise<string> => {
    const { token, records } = await ensureAdminToken({ directory, kubeconfigPath, random: systemRandom });
    t.ok(bearerAuthenticator(records)(`Bearer ${token}`), "the token given is a token known");
    await writeKubeconfig(kubeconfigPath, { server: "https://localhost:1", ca: "PEM", token });
    return token;
  };
  return { directory, kubeconfigPath, start, tokens: join(directory, "tokens.json") };
}

t.test("a token of 256 bits is made once and kept over restarts", async (t) => {
  const { start } = await setUp(t);
  const token = await start();
  t.match(token, /^ostler_[A-Za-z0-9_-]{43}$/);
  t.equal(await start(), token);
});

t.test("only its hash is on record, for the owner alone", async (t) => {
  const { start, tokens } = await setUp(t);
  const token = await start();
  t.notMatch(await readFile(tokens, "utf8"), token);
  t.equal((await stat(tokens)).mode & 0o777, 0o600);
});

t.test("deleting either file, or spoiling it, revokes the token", async (t) => {
  const { start, tokens, kubeconfigPath } = await setUp(t);
  let token = await start();
  for (const spoil of [
    () => unlink(tokens),
    () => unlink(kubeconfigPath),
    () => writeFile(tokens, "{"),
    () => writeFile(tokens, '{"tokens":[{"sha256":5}]}'),
    () => writeFile(kubeconfigPath, '    token: "ostler_other"\n'),
  ]) {
    await spoil();
    const next = await start();
    t.not(next, token);
    token = next;
  }
});
