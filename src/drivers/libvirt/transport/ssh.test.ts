import { execFileSync, spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../../runtime/clock.ts";
import { libvirtAvailable, startLibvirtHost } from "../../../testing/libvirt-host.ts";
import { burst, domainNames, withUri } from "../../../testing/libvirt-uris.ts";
import { makeKey, startSshServer, stopSshServer } from "../../../testing/ssh-server.ts";
import { LibvirtClient } from "../rpc/libvirt-client.ts";
import { connectCalls } from "../rpc/procedures-connect.ts";
import { openLink } from "./link.ts";
import { parseLibvirtUri } from "./uri.ts";

const { available, reason } = libvirtAvailable();
const options = { skip: available ? false : reason };
const surroundings = { home: "/nonexistent", username: "root" };

t.test("SSH", options, async (t) => {
  await using host = await startLibvirtHost();
  const server = await startSshServer(host);
  const known = join(host.directory, "known_hosts");
  const uri = (parameters = ""): string =>
    `test+ssh://root@${host.address}/default?keyfile=${server.keyFile}&known_hosts=${known}${parameters}`;
  await writeFile(known, server.knownHosts);

  await t.test("forwards to the daemon's socket", async (t) => {
    t.strictSame(await domainNames(uri()), ["test"]);
    t.equal(await withUri(uri(), burst), 500);
    await withUri(uri(), async (client) => t.match(client.label, /:\/var\/run\/libvirt\/libvirt-sock$/));
  });

  await t.test("carries several channels on one connection", async (t) => {
    const target = parseLibvirtUri(uri());
    await using link = await openLink(target, surroundings);
    const clients = await Promise.all(
      [1, 2, 3].map(async () =>
        LibvirtClient.open(await link.open(), { driverUri: target.driverUri, clock: systemClock }),
      ),
    );
    for (const client of clients) t.ok(await client.call(connectCalls.getHostname, {}));
    await link.close();
    await Promise.all(clients.map((client) => client.closed));
    await t.rejects(link.open(), { reason: "HostUnreachable", message: /closed/ });
  });

  await t.test("a channel that ends with its SSH connection does not blame the daemon", async (t) => {
    await withUri(uri(), async (client) => {
      await host.exec(["pkill", "-KILL", "-f", "^sshd: root"]);
      t.match(await client.closed, { why: "ConnectionLost", message: /: the SSH connection was closed$/ });
    });
    await withUri(uri(), async (client) => {
      await host.kill("SIGKILL");
      t.match(await client.closed, { message: "the daemon closed the connection" });
    });
    await host.restart();
  });

  await t.test("refuses a host that is not known, and says how it looks", async (t) => {
    await writeFile(known, "");
    await t.rejects(domainNames(uri()), {
      reason: "Forbidden",
      message: /host key refused: its key ssh-ed25519 SHA256:\S{43} is not in .*known_hosts/,
    });
  });

  await t.test("refuses a host whose key changed or is revoked", async (t) => {
    makeKey(join(host.directory, "wrong_key"));
    const wrong = await readFile(join(host.directory, "wrong_key.pub"), "utf8");
    await writeFile(known, `${host.address} ${wrong}`);
    await t.rejects(domainNames(uri()), { reason: "Forbidden", message: /knows another/ });
    await writeFile(
      known,
      `${server.knownHosts}\n@revoked * ${server.knownHosts.split(" ").slice(1).join(" ")}`,
    );
    await t.rejects(domainNames(uri()), { reason: "Forbidden", message: /is revoked/ });
    await writeFile(known, server.knownHosts);
  });

  await t.test("asks an agent, and knows where the user keeps known hosts", async (t) => {
    const home = join(host.directory, "home");
    const sshAgent = join(host.directory, "agent");
    await mkdir(join(home, ".ssh"), { recursive: true });
    await writeFile(join(home, ".ssh/known_hosts"), server.knownHosts);
    const agent = spawn("ssh-agent", ["-D", "-a", sshAgent], { stdio: "ignore" });
    t.teardown(() => agent.kill());
    await retry(() =>
      execFileSync("ssh-add", ["-q", server.keyFile], { env: { SSH_AUTH_SOCK: sshAgent }, stdio: "ignore" }),
    );
    const target = parseLibvirtUri(`test+ssh://${host.address}/default`);
    await using link = await openLink(target, { home, username: "root", sshAgent });
    t.match(await link.open(), { label: /libvirt-sock$/ });
  });

  await t.test("says which keys were not accepted", async (t) => {
    const stranger = join(host.directory, "stranger");
    makeKey(stranger);
    const target = uri().replace(server.keyFile, stranger);
    await t.rejects(domainNames(target), {
      reason: "Unauthorized",
      message: new RegExp(`login refused; tried key ${stranger} \\(SHA256:`),
    });
  });

  await t.test("says which socket could not be reached", async (t) => {
    await t.rejects(domainNames(uri("&socket=/nowhere")), {
      reason: "HostUnreachable",
      message: /forwarding to \/nowhere: .*exit code/,
    });
  });

  await stopSshServer(host, server);
  await t.test("runs virt-ssh-helper where forwarding is forbidden", async (t) => {
    const strict = await startSshServer(host, ["AllowStreamLocalForwarding no"]);
    await writeFile(known, strict.knownHosts);
    const target = uri().replace(server.keyFile, strict.keyFile);
    t.strictSame(await domainNames(target), ["test"]);
    t.equal(await withUri(target, burst), 500);
    await host.kill("SIGKILL");
    await t.rejects(domainNames(target), {
      reason: "HostUnreachable",
      why: "DaemonNotRunning",
      message: /virt-ssh-helper: exit code \d+: .*libvirt-sock/,
    });
  });
});

async function retry(action: () => void): Promise<void> {
  for (let round = 0; ; round++) {
    try {
      action();
      return;
    } catch (error) {
      if (round === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
