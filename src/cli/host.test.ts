import t from "tap";
import { HostKind } from "../schema/host.ts";
import { startCli } from "../testing/cli-fixture.ts";
import { HostKeysInMemory } from "../testing/host-keys-in-memory.ts";

async function fixture() {
  const hostKeys = new HostKeysInMemory();
  const cli = await startCli({ hostKeys });
  const host = () => cli.api.store.get(HostKind, { name: "rack1" });
  return { cli, hostKeys, host };
}

const enroll = ["host", "enroll", "rack1"] as const;
const at = ["--address", "root@10.0.0.5"] as const;

t.test("a person who confirms the fingerprint gets a Host whose key is known", async (t) => {
  const { cli, hostKeys, host } = await fixture();
  await using _cli = cli;
  const { code, stdout } = await cli.run([...enroll, ...at], { stdin: "yes\n" });
  t.equal(code, 0);
  t.match(stdout, hostKeys.key.fingerprint);
  t.match(stdout, /host\/rack1 enrolled\n$/);
  t.equal((await host())?.spec.uri, "qemu+ssh://root@10.0.0.5/system");
  t.match(hostKeys.trusted, [{ name: "rack1" }]);
  t.equal((await cli.run(enroll)).code, 0, "once more changes nothing");
  t.equal(hostKeys.trusted.length, 1);
});

t.test("who does not confirm it leaves nothing behind", async (t) => {
  const { cli, hostKeys, host } = await fixture();
  await using _cli = cli;
  for (const stdin of ["", "no\n", "y\n"]) {
    const { code, stderr } = await cli.run([...enroll, ...at], { stdin });
    t.equal(code, 1);
    t.match(stderr, "not enrolled: its key was not confirmed");
    t.equal(await host(), undefined);
  }
  t.strictSame(hostKeys.trusted, []);
});

t.test("a fingerprint on the command line is compared, and nobody asked", async (t) => {
  const { cli, hostKeys, host } = await fixture();
  await using _cli = cli;
  const wrong = `SHA256:${"x".repeat(43)}`;
  t.equal((await cli.run([...enroll, ...at, "--fingerprint", wrong])).code, 1);
  t.equal(await host(), undefined);
  t.equal((await cli.run([...enroll, ...at, "--fingerprint", hostKeys.key.fingerprint])).code, 0);
  t.equal(hostKeys.trusted.length, 1);
});

t.test("--yes believes a new host, never one whose key changed", async (t) => {
  const { cli, hostKeys } = await fixture();
  await using _cli = cli;
  t.equal((await cli.run([...enroll, ...at, "--yes"])).code, 0);
  const known = hostKeys.key.fingerprint;
  const fingerprint = `SHA256:${"b".repeat(43)}`;
  hostKeys.key = { ...hostKeys.key, fingerprint, state: "Changed", knownFingerprints: [known] };
  for (const stdin of ["", "yes\n"]) {
    const { code, stdout } = await cli.run([...enroll, "--yes"], { stdin });
    t.equal(code, 1);
    t.match(stdout, `IT IS NOT THE KEY THAT IS KNOWN: ${known}`);
  }
  t.equal((await cli.run(enroll, { stdin: `${fingerprint}\n` })).code, 0);
  hostKeys.key = { ...hostKeys.key, state: "Revoked" };
  t.equal((await cli.run(enroll, { stdin: `${fingerprint}\n` })).code, 1);
});

t.test("a Host that is there keeps its URI; without one an address is needed", async (t) => {
  const { cli, host } = await fixture();
  await using _cli = cli;
  t.match(await cli.run(enroll), { code: 2, stderr: /give its --address/ });
  t.match(await cli.run([...enroll, "--address", "a b"]), { code: 2, stderr: /is not USER@HOST/ });
  t.equal((await cli.run([...enroll, "--address", "root@[::1]:2222", "--key-file", "/k", "--yes"])).code, 0);
  t.equal((await host())?.spec.uri, "qemu+ssh://root@[::1]:2222/system?keyfile=%2Fk");
  t.match(await cli.run([...enroll, ...at]), { code: 2, stderr: /leave out --address/ });
});

t.test("what was confirmed can be taken back", async (t) => {
  const { cli, hostKeys } = await fixture();
  await using _cli = cli;
  await cli.run([...enroll, ...at, "--yes"]);
  t.match(await cli.run(["host", "forget-key", "rack1"]), { code: 0, stdout: "host/rack1 key forgotten\n" });
  t.equal(hostKeys.key.state, "Unknown");
  t.equal((await cli.run(["host", "forget-key", "rack1"])).code, 3);
});
