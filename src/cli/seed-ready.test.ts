import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { HostKind } from "../schema/host.ts";
import { startCli } from "../testing/cli-fixture.ts";
import { advice } from "./seed-ready.ts";

t.test("what is not ready in time is told, with the reason; the rest is waited for", async (t) => {
  const cli = await startCli();
  t.teardown(() => cli[Symbol.asyncDispose]());
  const pms = join(t.testdir(), "pm_file");
  await writeFile(pms, "h1\nh2\n");
  const say = async (name: string, status: "True" | "False", message: string, reason = "Connected") => {
    const host = await cli.api.store.get(HostKind, { name });
    if (host === undefined) throw new Error(`no host ${name}`);
    const condition = {
      type: "Ready",
      status,
      reason,
      message,
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    await cli.api.store.updateStatus(HostKind, { ...host, status: { conditions: [condition] } });
  };
  await cli.run(["seed", "load", "--pms", pms]);
  await say("h1", "True", "");
  await say("h2", "False", "ssh:root@h2:22: login refused", "AuthenticationFailed");
  const load = ["seed", "load", "--pms", pms, "--user", "root", "--wait", "300ms"];
  const { code, stderr } = await cli.run(load);
  t.equal(code, 4);
  t.match(
    stderr,
    /host\/h2 is not ready: .*login refused.*\n {4}let this controller in: ssh-copy-id root@h2\n/,
  );
  t.notMatch(stderr, /host\/h1/);
  t.match(stderr, /error: 1 of 2 are not ready\n$/);
  await say("h2", "False", 'host "h1" is the same machine', "DuplicateHost");
  const twice = await cli.run(load);
  t.match(twice, { code: 0, stderr: 'host/h2 is not used: host "h1" is the same machine\n' });
  await say("h2", "True", "");
  t.match(await cli.run(load), { code: 0, stderr: "" });
});

const host = (uri: string) => ({
  apiVersion: "ostler.dev/v1",
  kind: "Host",
  metadata: { name: "rack1" },
  spec: { uri },
});

const advices: readonly (readonly [string, string, string | undefined, readonly string[]])[] = [
  ["ssh://root@h/system", "AuthenticationFailed", "/k", ["ssh-copy-id -i /k.pub root@h"]],
  ["ssh://root@h/system?keyfile=/own", "AuthenticationFailed", "/k", ["ssh-copy-id -i /own.pub root@h"]],
  ["ssh://root@h:2222/system", "AuthenticationFailed", undefined, ["ssh-copy-id -p 2222 root@h"]],
  ["ssh://root@[::1]/system", "AuthenticationFailed", undefined, ["ssh-copy-id root@::1"]],
  ["ssh://root@h/system", "HostKeyUnknown", undefined, ["ostler host enroll rack1"]],
  ["ssh://h:2222/system?known_hosts=/f", "HostKeyUnknown", undefined, ["ssh-keyscan -p 2222 h >>/f"]],
  ["ssh://root@h/system", "ConnectionRefused", undefined, []],
  ["tls://h/system", "AuthenticationFailed", undefined, []],
];
for (const [uri, reason, key, words] of advices) {
  t.test(`${reason} at ${uri}: ${words[0] ?? "nothing that could be typed"}`, async (t) => {
    const lines = advice(host(`qemu+${uri}`), reason, { key });
    t.same(
      lines.map((line) => line.replace(/^.*?: /, "")),
      words,
    );
  });
}

t.test("this machine and images need no letting in", async (t) => {
  t.same(advice(host("qemu:///system"), "AuthenticationFailed", {}), []);
  t.same(advice({ ...host(""), kind: "Image", metadata: { name: "x" } }, "AuthenticationFailed", {}), []);
});
