import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { HostKind } from "../schema/host.ts";
import { ImageKind } from "../schema/image.ts";
import { startCli } from "../testing/cli-fixture.ts";
import { advice } from "./seed-ready.ts";

t.test("what is not ready in time is told, with the reason; the rest is waited for", async (t) => {
  const cli = await startCli();
  t.teardown(() => cli[Symbol.asyncDispose]());
  const pms = join(t.testdir(), "pm_file");
  await writeFile(pms, "h1\nh2\n");
  const say = async (name: string, status: "True" | "False", message: string) => {
    const host = await cli.api.store.get(HostKind, { name });
    if (host === undefined) throw new Error(`no host ${name}`);
    const condition = {
      type: "Ready",
      status,
      reason: "R",
      message,
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    await cli.api.store.updateStatus(HostKind, { ...host, status: { conditions: [condition] } });
  };
  await cli.run(["seed", "load", "--pms", pms]);
  await say("h1", "True", "");
  await say("h2", "False", "ssh:root@h2:22: login refused; tried key /k");
  const load = ["seed", "load", "--pms", pms, "--user", "root", "--wait", "300ms"];
  const { code, stderr } = await cli.run(load);
  t.equal(code, 4);
  t.match(
    stderr,
    /host\/h2 is not ready: .*login refused.*\n {4}let this controller in: ssh-copy-id root@h2\n/,
  );
  t.notMatch(stderr, /host\/h1/);
  t.match(stderr, /error: 1 of 2 are not ready after 0.3 s\n$/);
  await say("h2", "True", "");
  t.match(await cli.run(load), { code: 0, stderr: "" });
});

const host = (uri: string) => ({
  apiVersion: "ostler.dev/v1",
  kind: "Host",
  metadata: { name: "h" },
  spec: { uri },
});
const refused = "ssh:root@h:22: login refused; tried key /k";
const stranger = "ssh:root@h:22: host key refused: its key ssh-ed25519 SHA256:x is not in /known";

const advices: readonly (readonly [string, string, Record<string, string>, readonly string[]])[] = [
  [
    "qemu+ssh://root@h/system",
    refused,
    { key: "/k" },
    ["let this controller in: ssh-copy-id -i /k.pub root@h"],
  ],
  ["qemu+ssh://root@h:2222/system", refused, {}, ["let this controller in: ssh-copy-id -p 2222 root@h"]],
  ["qemu+ssh://root@[::1]/system", refused, {}, ["let this controller in: ssh-copy-id root@::1"]],
  [
    "qemu+ssh://root@h:2222/system",
    stranger,
    { knownHosts: "/known" },
    ["if that is its fingerprint, trust it: ssh-keyscan -p 2222 h >>/known"],
  ],
  ["qemu+ssh://root@h/system", "connect: ECONNREFUSED", {}, []],
  ["qemu:///system", refused, {}, []],
  ["qemu+tls://h/system", refused, {}, []],
];
for (const [uri, why, flags, lines] of advices) {
  t.test(`what to do about ${uri}: ${lines[0] ?? "nothing that could be typed"}`, async (t) => {
    t.same(advice(HostKind, host(uri), why, flags), lines);
  });
}

t.test("images need no letting in", async (t) => {
  t.same(advice(ImageKind, { ...host("qemu+ssh://root@h/system"), kind: "Image" }, refused, {}), []);
});
