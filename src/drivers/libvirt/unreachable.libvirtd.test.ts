import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { type LibvirtHost, libvirtAvailable, startLibvirtHost } from "../../testing/libvirt-host.ts";
import { makeKey, type SshServer, startSshServer, stopSshServer } from "../../testing/ssh-server.ts";
import { type UnreachableReason, unreachableReason } from "../unreachable.ts";
import { LibvirtDriver } from "./libvirt-driver.ts";

const { available, reason } = libvirtAvailable();
const options = { skip: available ? false : reason };
const clusterId = systemRandom.uuid();
const driver = new LibvirtDriver({
  clock: systemClock,
  random: systemRandom,
  surroundings: { home: "/nonexistent", username: "root" },
});

/** Why connecting fails; "none" when it does not. */
async function why(uri: string, patienceMs = 20_000): Promise<UnreachableReason | "none" | undefined> {
  const patience = new AbortController();
  const timer = systemClock.after(patienceMs, () => patience.abort(new Error("enough")));
  try {
    await using _connection = await driver.connect({ uri, clusterId, signal: patience.signal });
    return "none";
  } catch (error) {
    return unreachableReason(error);
  } finally {
    timer.cancel();
  }
}

interface Login {
  readonly user?: string;
  readonly keyFile?: string;
  readonly knownHosts?: string;
  readonly name?: string;
}

/** The URI of a host behind its SSH server. */
async function over(host: LibvirtHost, server: SshServer, login: Login = {}): Promise<string> {
  const { user = "root", keyFile = server.keyFile, knownHosts = server.knownHosts, name } = login;
  const known = join(host.directory, "known_hosts");
  await writeFile(known, knownHosts);
  return `test+ssh://${user}@${name ?? host.address}/default?keyfile=${keyFile}&known_hosts=${known}`;
}

t.test("over SSH each way in which a host cannot be reached has its own reason", options, async (t) => {
  await using host = await startLibvirtHost();
  const server = await startSshServer(host);
  const stranger = join(host.directory, "stranger");
  makeKey(stranger);
  const strange = `${host.address} ${await readFile(`${stranger}.pub`, "utf8")}`;
  const revoked = `@revoked * ${server.knownHosts.split(" ").slice(1).join(" ")}`;
  t.equal(await why(await over(host, server)), "none");
  const logins: readonly [string, Login, UnreachableReason][] = [
    ["another's key", { keyFile: stranger }, "AuthenticationFailed"],
    ["no such user", { user: "nobody-here" }, "AuthenticationFailed"],
    ["a key file that is not there", { keyFile: "/nonexistent/key" }, "InvalidSettings"],
    ["an unknown host", { knownHosts: "" }, "HostKeyUnknown"],
    ["a host whose key changed", { knownHosts: strange }, "HostKeyChanged"],
    ["a host whose key is revoked", { knownHosts: revoked }, "HostKeyRevoked"],
    ["a name that is none", { name: "no-such-host.invalid" }, "NameNotResolved"],
  ];
  for (const [what, login, expected] of logins) {
    t.equal(await why(await over(host, server, login)), expected, what);
  }

  await host.kill("SIGSTOP");
  t.equal(await why(await over(host, server), 2_000), "DaemonHung", "libvirtd is frozen");
  await host.kill("SIGCONT");
  await host.kill("SIGKILL");
  t.equal(await why(await over(host, server)), "DaemonNotRunning", "libvirtd was killed, its socket is left");
  await host.exec(["rm", "-f", "/run/libvirt/libvirt-sock"]);
  t.equal(await why(await over(host, server)), "DaemonNotRunning", "libvirtd has stopped in good order");
  await host.restart();
  await stopSshServer(host, server);
  t.equal(await why(await over(host, { ...server, keyFile: stranger })), "ConnectionRefused", "no sshd");
});

t.test("a server that forwards to no socket, and a user who may not open it", options, async (t) => {
  await using host = await startLibvirtHost();
  const strict = await startSshServer(host, ["AllowStreamLocalForwarding no"]);
  t.equal(await why(await over(host, strict)), "none", "virt-ssh-helper does it");
  await stopSshServer(host, strict);
  const jailed = await startSshServer(host, [
    "AllowStreamLocalForwarding no",
    "ForceCommand /usr/sbin/nologin",
  ]);
  t.equal(await why(await over(host, jailed)), "ForwardingRefused");
  await stopSshServer(host, jailed);

  const open = await startSshServer(host);
  // sshd reads keys as the user.
  await host.exec(["chmod", "0755", "/run/libvirt", host.directory, dirname(open.keyFile)]);
  const withShell = "sed 's#^nobody:.*#nobody:*:65534:65534::/:/bin/sh#' /etc/passwd > /run/passwd";
  await host.exec(["sh", "-c", `${withShell} && mount --bind /run/passwd /etc/passwd`]);
  t.equal(await why(await over(host, open, { user: "nobody" })), "SocketPermissionDenied");
});

t.test("a network that swallows everything, and who does not speak SSH", options, async (t) => {
  await using host = await startLibvirtHost();
  const server = await startSshServer(host);
  const uri = await over(host, server);
  await host.exec(["sh", "-c", "ip link set dev $(ls /sys/class/net | grep -v lo | head -n 1) down"]);
  t.match(await why(uri, 1_000), /^(Timeout|NetworkUnreachable)$/, "the cable is cut");

  const silent = createServer().listen(0, "127.0.0.1");
  const rude = createServer((socket) => socket.end("220 mail.example.org ESMTP\r\n")).listen(0, "127.0.0.1");
  t.teardown(() => {
    silent.close();
    rude.close();
  });
  const at = async (listener: typeof silent): Promise<string> => {
    if (!listener.listening) await once(listener, "listening");
    const address = listener.address();
    return over(host, server, { name: `127.0.0.1:${typeof address === "object" ? address?.port : 0}` });
  };
  t.equal(await why(await at(silent), 1_000), "Timeout", "accepted, and then nothing");
  t.match(await why(await at(rude)), /^(HandshakeFailed|ConnectionLost)$/, "another protocol");
});
