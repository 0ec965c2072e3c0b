import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../../runtime/clock.ts";
import { makeCertificates } from "../../../testing/certificates.ts";
import { libvirtAvailable, startLibvirtHost } from "../../../testing/libvirt-host.ts";
import { makeKey, startSshServer, stopSshServer } from "../../../testing/ssh-server.ts";
import { LibvirtClient } from "../rpc/libvirt-client.ts";
import { connectCalls } from "../rpc/procedures-connect.ts";
import { domainCalls } from "../rpc/procedures-domain.ts";
import { openLink } from "./link.ts";
import { connectTcp } from "./tcp.ts";
import { connectUnix } from "./unix.ts";
import { parseLibvirtUri } from "./uri.ts";

const { available, reason } = libvirtAvailable();
const options = { skip: available ? false : reason };
const surroundings = { home: "/nonexistent", username: "root" };

/** Opens a link and one channel on it, and asks libvirt what it is called. */
async function use<T>(uri: string, work: (client: LibvirtClient) => Promise<T>): Promise<T> {
  const target = parseLibvirtUri(uri);
  await using link = await openLink(target, surroundings);
  await using client = await LibvirtClient.open(await link.open(), {
    driverUri: target.driverUri,
    clock: systemClock,
    maxInFlight: 64,
  });
  return await work(client);
}

const namesOf = (uri: string): Promise<string[]> =>
  use(uri, async (client) => {
    const { domains } = await client.call(connectCalls.listAllDomains, { needResults: 1, flags: 0 });
    return domains.map(({ name }) => name);
  });

/** The shape of traffic that stalls a daemon reading TLS when frames share a record. */
async function burst(client: LibvirtClient): Promise<number> {
  const calls = Array.from({ length: 500 }, () => client.call(domainCalls.lookupByName, { name: "test" }));
  return (await Promise.all(calls)).length;
}

t.test("a unix socket and plain TCP lead to the daemon", options, async (t) => {
  await using host = await startLibvirtHost({ listenTcp: 16509 });
  t.strictSame(await namesOf(`test+unix:///default?socket=${host.socketPath}`), ["test"]);
  t.strictSame(await namesOf(`test+tcp://${host.address}/default`), ["test"]);
  t.equal(await use(`test+tcp://${host.address}/default`, burst), 500);
});

t.test("what is wrong with a socket is said with its path", options, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-sock-"));
  t.teardown(() => rm(directory, { recursive: true }));
  await t.rejects(namesOf(`test+unix:///default?socket=${directory}/none`), {
    reason: "HostUnreachable",
    message: new RegExp(`unix:${directory}/none: .*ENOENT`),
  });
  await t.rejects(namesOf("test+tcp://127.0.0.1:1/default"), {
    reason: "HostUnreachable",
    message: /tcp:127.0.0.1:1: .*ECONNREFUSED/,
  });
});

t.test("of several sockets the first that accepts is taken", options, async (t) => {
  await using host = await startLibvirtHost();
  const transport = await connectUnix([`${host.directory}/none`, host.socketPath]);
  t.equal(transport.label, `unix:${host.socketPath}`);
  transport.stream.destroy();
});

t.test("a cable that is cut is noticed by the silence", options, async (t) => {
  await using host = await startLibvirtHost({ listenTcp: 16509 });
  const client = await LibvirtClient.open(await connectTcp(host.address, 16509), {
    driverUri: "test:///default",
    clock: systemClock,
    keepalive: { intervalMs: 500, count: 4 },
  });
  await systemClock.sleep(2500); // kept open by pings, which the daemon answers
  t.ok(await client.call(connectCalls.getLibVersion, {}));
  execFileSync("ip", ["link", "set", host.cable, "down"]);
  const call = client.call(connectCalls.getLibVersion, {});
  await t.rejects(call, { reason: "OutcomeUnknown", message: /silent for 2000 ms/ });
});

t.test("TLS: both sides show certificates, and nothing stalls", options, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-tls-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const good = await makeCertificates(join(directory, "good"), "host.test");
  const other = await makeCertificates(join(directory, "other"), "host.test");
  const { authority, server } = good;
  await using host = await startLibvirtHost({ tls: { ...server, authority } });
  const uri = (pki: string, name: string): string =>
    `test+tls://${host.address}/default?pkipath=${pki}&tls_hostname=${name}`;

  t.strictSame(await namesOf(uri(good.clientDirectory, "host.test")), ["test"]);
  for (let round = 0; round < 5; round++) {
    t.equal(await use(uri(good.clientDirectory, "host.test"), burst), 500);
  }
  await t.rejects(
    namesOf(uri(good.clientDirectory, "else.test")),
    { reason: "Forbidden", message: /certificate is not trusted/ },
    "a server with another name",
  );
  await t.rejects(
    namesOf(uri(other.clientDirectory, "host.test")),
    { reason: "Forbidden", message: /not trusted/ },
    "a server of another authority",
  );
  const mixed = join(directory, "mixed");
  await makeCertificates(mixed, "host.test");
  await writeFile(join(mixed, "client/cacert.pem"), await readFile(authority));
  await t.rejects(
    namesOf(uri(join(mixed, "client"), "host.test")),
    { reason: "Unauthorized", message: /our certificate was not accepted/ },
    "a client of another authority",
  );
});

t.test("SSH", options, async (t) => {
  await using host = await startLibvirtHost();
  const server = await startSshServer(host);
  const known = join(host.directory, "known_hosts");
  const uri = (parameters = ""): string =>
    `test+ssh://root@${host.address}/default?keyfile=${server.keyFile}&known_hosts=${known}${parameters}`;
  await writeFile(known, server.knownHosts);

  await t.test("forwards to the daemon's socket", async (t) => {
    t.strictSame(await namesOf(uri()), ["test"]);
    t.equal(await use(uri(), burst), 500);
    await use(uri(), async (client) => t.match(client.label, /:\/var\/run\/libvirt\/libvirt-sock$/));
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

  await t.test("refuses a host that is not known, and says how it looks", async (t) => {
    await writeFile(known, "");
    await t.rejects(namesOf(uri()), {
      reason: "Forbidden",
      message: /host key refused: its key ssh-ed25519 SHA256:\S{43} is not in .*known_hosts/,
    });
  });

  await t.test("refuses a host whose key changed or is revoked", async (t) => {
    makeKey(join(host.directory, "wrong_key"));
    const wrong = await readFile(join(host.directory, "wrong_key.pub"), "utf8");
    await writeFile(known, `${host.address} ${wrong}`);
    await t.rejects(namesOf(uri()), { reason: "Forbidden", message: /knows another/ });
    await writeFile(
      known,
      `${server.knownHosts}\n@revoked * ${server.knownHosts.split(" ").slice(1).join(" ")}`,
    );
    await t.rejects(namesOf(uri()), { reason: "Forbidden", message: /is revoked/ });
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
    await t.rejects(namesOf(target), {
      reason: "Unauthorized",
      message: new RegExp(`login refused; tried key ${stranger} \\(SHA256:`),
    });
  });

  await t.test("says which socket could not be reached", async (t) => {
    await t.rejects(namesOf(uri("&socket=/nowhere")), {
      reason: "HostUnreachable",
      message: /forwarding to \/nowhere: .*exit code/,
    });
  });

  await stopSshServer(host, server);
  await t.test("runs virt-ssh-helper where forwarding is forbidden", async (t) => {
    const strict = await startSshServer(host, ["AllowStreamLocalForwarding no"]);
    await writeFile(known, strict.knownHosts);
    const target = uri().replace(server.keyFile, strict.keyFile);
    t.strictSame(await namesOf(target), ["test"]);
    t.equal(await use(target, burst), 500);
    await host.kill("SIGKILL");
    await t.rejects(namesOf(target), {
      reason: "HostUnreachable",
      message: /virt-ssh-helper: exit code 1: .*libvirt-sock/,
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
