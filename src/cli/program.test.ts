import t from "tap";
import { startCli } from "../testing/cli-fixture.ts";

const cli = await startCli();
t.teardown(() => cli[Symbol.asyncDispose]());

t.test("help and version are not failures, and help tells the exit codes", async (t) => {
  t.match(await cli.run(["--help"]), { code: 0, stdout: "Exit codes: 0 done, 1 failed" });
  t.match(await cli.run(["get", "--help"]), { code: 0, stdout: "--selector" });
  t.match(await cli.run(["--version"]), { code: 0, stdout: "0.0.0-test" });
});

t.test("wrong usage is 2, with words on standard error", async (t) => {
  for (const args of [[], ["nothing"], ["get"], ["apply"], ["get", "vm", "--nothing"], ["wait", "vm/web"]]) {
    const { code, stderr } = await cli.run(args);
    t.equal(code, 2, args.join(" "));
    t.not(stderr, "");
  }
});

t.test("version tells both sides, and what it can when there is no server", async (t) => {
  t.match(await cli.run(["version"]), { code: 0, stdout: "client: 0.0.0-test\nserver: 0.0.0-test" });
  const env = { OSTLER_KUBECONFIG: "/nonexistent" };
  t.match(await cli.run(["version"], { env }), {
    code: 2,
    stdout: "client: 0.0.0-test\n",
    stderr: "kubeconfig",
  });
});

t.test("-n may stand on either side of the command", async (t) => {
  for (const args of [
    ["-n", "other", "get", "vm"],
    ["get", "vm", "-n", "other"],
  ]) {
    t.match(await cli.run(args), { code: 0, stderr: "in namespace other" });
  }
});

t.test("--kubeconfig goes before the environment", async (t) => {
  t.match(await cli.run(["--kubeconfig", "/nonexistent", "get", "vm"]), { code: 2, stderr: "/nonexistent" });
});

t.test("serve is called with its settings, or not at all", async (t) => {
  t.match(await cli.run(["serve", "--fake-hosts", "2", "--host", "a=qemu:///system"]), { code: 0 });
  t.match(cli.served, [{ fakeHosts: 2, hosts: ["a=qemu:///system"] }]);
  t.match(await cli.run(["serve", "--log-level", "loud"]), { code: 2, stderr: "logLevel" });
  t.equal(cli.served.length, 1);
});

t.test("several causes are a list below the line", async (t) => {
  const { code, stderr } = await cli.run(["serve", "--fake-hosts", "-1", "--listen", "x"]);
  t.equal(code, 2);
  t.match(stderr, /^error: the settings are wrong: /);
});

t.test("who types something wrong is told where it stands how it is typed", async (t) => {
  await using cli = await startCli();
  const cases = [
    [["get"], '"ostler get --help" tells more'],
    [["token", "create"], '"ostler token create --help" tells more'],
    [["scale", "vmpool", "web"], '"ostler scale --help" tells more'],
    [["gte", "vm"], "Did you mean get?"],
  ] as const;
  for (const [words, says] of cases)
    t.match(await cli.run(words), { code: 2, stderr: says }, words.join(" "));
});
