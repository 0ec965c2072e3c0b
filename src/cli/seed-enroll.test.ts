import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { startCli } from "../testing/cli-fixture.ts";
import { HostKeysInMemory } from "../testing/host-keys-in-memory.ts";

async function setUp(t: Test) {
  const hostKeys = new HostKeysInMemory();
  const cli = await startCli({ hostKeys });
  t.teardown(() => cli[Symbol.asyncDispose]());
  const pms = join(t.testdir(), "pm_file");
  const load = async (lines: string, ...more: readonly string[]) => {
    await writeFile(pms, lines);
    return cli.run(["seed", "load", "--pms", pms, "--user", "root", ...more]);
  };
  return { hostKeys, load };
}

t.test("hosts that are new are believed, and their keys shown, once", async (t) => {
  const { hostKeys, load } = await setUp(t);
  const first = await load("h1\n", "--enroll");
  t.equal(first.code, 0);
  t.match(first.stdout, /^host\/h1 created\n/);
  t.ok(first.stdout.includes(hostKeys.key.fingerprint), "what people may compare");
  t.match(hostKeys.trusted, [{ name: "h1" }]);
  t.match(await load("h1\n", "--enroll"), { code: 0, stdout: "host/h1 unchanged\n" });
  t.equal(hostKeys.trusted.length, 1);
});

t.test("only those are asked for a key that are reached by SSH and have no file of their own", async (t) => {
  const { hostKeys, load } = await setUp(t);
  await load("localhost\nqemu+tls://h/system\nqemu+ssh://h2/system?known_hosts=/k\n", "--enroll");
  t.same(hostKeys.trusted, []);
  await load("h1\n");
  t.same(hostKeys.trusted, [], "nor without being told to");
});

t.test("a key that has changed is not believed; that is told, and the rest is done", async (t) => {
  const { hostKeys, load } = await setUp(t);
  const knownFingerprints = [`SHA256:${"b".repeat(43)}`];
  hostKeys.key = { ...hostKeys.key, state: "Changed", knownFingerprints };
  const { code, stderr, stdout } = await load("h1\nh2\n", "--enroll");
  t.equal(code, 0);
  t.equal(stdout, "host/h1 created\nhost/h2 created\n");
  t.match(stderr, /IT IS NOT THE KEY THAT IS KNOWN/);
  t.match(stderr, /host\/h2: .*not enrolled/);
  t.same(hostKeys.trusted, []);
});
