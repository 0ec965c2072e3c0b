import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { libvirtAvailable, startLibvirtHost } from "../../testing/libvirt-host.ts";
import { startSshServer, stopSshServer } from "../../testing/ssh-server.ts";
import { LibvirtDriver } from "./libvirt-driver.ts";
import { SshHostKeys } from "./ssh-host-keys.ts";

const { available, reason } = libvirtAvailable();
const { signal } = new AbortController();

t.test("only who goes by SSH has a key", async (t) => {
  const keys = new SshHostKeys({ home: "/nonexistent", username: "root", sshDirectory: "/nonexistent/ssh" });
  await t.rejects(keys.look("qemu:///system", signal), {
    reason: "Invalid",
    message: /does not go over SSH/,
  });
  await t.rejects(keys.forget("qemu+tls://h1/system"), {
    message: /does not go over SSH/,
  });
  const own = "qemu+ssh://h1/system?known_hosts=/etc/mine";
  await t.rejects(keys.trust(own, "SHA256:x", signal), { reason: "Invalid", message: /edit \/etc\/mine/ });
});

t.test("a key that was confirmed lets us in", { skip: available ? false : reason }, async (t) => {
  await using host = await startLibvirtHost();
  const server = await startSshServer(host);
  const state = await mkdtemp(join(tmpdir(), "ostler-state-"));
  t.teardown(() => rm(state, { recursive: true }));
  const surroundings = { home: "/nonexistent", username: "root", sshDirectory: join(state, "ssh") };
  const keys = new SshHostKeys(surroundings);
  const driver = new LibvirtDriver({ clock: systemClock, random: systemRandom, surroundings });
  const uri = `test+ssh://root@${host.address}/default?keyfile=${server.keyFile}`;
  const connect = () => driver.connect({ uri, hostName: "rack1", clusterId: systemRandom.uuid(), signal });

  const shown = await keys.look(uri, signal);
  const [, , text = ""] = server.knownHosts.split(" ");
  t.match(shown, { address: `${host.address}:22`, keyType: "ssh-ed25519", state: "Unknown" });
  t.strictSame(shown.knownFingerprints, []);
  await t.rejects(connect(), { why: "HostKeyUnknown", message: /type: ostler host enroll rack1$/ });

  const wrong = `SHA256:${"x".repeat(43)}`;
  await t.rejects(keys.trust(uri, wrong, signal), {
    reason: "Conflict",
    message: new RegExp(RegExp.escape(shown.fingerprint)),
  });
  await t.rejects(connect(), { message: /host key refused/ }, "nothing was written");
  t.match(await keys.trust(uri, shown.fingerprint, signal), { state: "Known" });
  t.match(await readFile(join(state, "ssh/known_hosts"), "utf8"), text.trim());
  await (await connect())[Symbol.asyncDispose]();
  t.match(await keys.look(uri, signal), { state: "Known", knownFingerprints: [shown.fingerprint] });

  await stopSshServer(host, server);
  const anew = await startSshServer(host);
  const now = uri.replace(server.keyFile, anew.keyFile);
  const changed = await keys.look(now, signal);
  t.match(changed, { state: "Changed", knownFingerprints: [shown.fingerprint] });
  await keys.trust(now, changed.fingerprint, signal);
  t.match(await keys.look(now, signal), { state: "Known", knownFingerprints: [changed.fingerprint] });
  t.equal(await keys.forget(now), true);
  t.equal(await keys.forget(now), false);
  t.match(await keys.look(now, signal), { state: "Unknown" });
});

t.test("who shows no key says why", async (t) => {
  const keys = new SshHostKeys({ home: "/nonexistent", username: "root", sshDirectory: "/nonexistent/ssh" });
  await t.rejects(keys.look("qemu+ssh://127.0.0.1:1/system", signal), { message: /ECONNREFUSED/ });
});
