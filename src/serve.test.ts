import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t, { type Test } from "tap";
import { Client } from "./api/client.ts";
import { type Connection, readKubeconfig } from "./cli/kubeconfig.ts";
import { StatusError } from "./runtime/errors.ts";
import { admit } from "./schema/admission.ts";
import { HostKind } from "./schema/host.ts";
import { NamespaceKind } from "./schema/namespace.ts";
import { parseServeConfig } from "./schema/serve-config.ts";
import { VirtualMachineKind } from "./schema/virtual-machine.ts";
import { readiness, serve } from "./serve.ts";
import { rejectsWith } from "./testing/rejects-with.ts";
import { eventually, startServerProcess } from "./testing/server-process.ts";

async function temporary(t: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-serve-"));
  t.teardown(() => rm(directory, { recursive: true }));
  return directory;
}

/** Serves in this process, on a free port, what is in the directory; `end` stops it and waits. */
async function served(directory: string, settings: Record<string, unknown> = {}) {
  const stateDir = join(directory, "state");
  const kubeconfig = join(stateDir, "kubeconfig");
  const stop = new AbortController();
  const config = parseServeConfig({ stateDir, listen: "127.0.0.1:0", logLevel: "silent", ...settings });
  const running = serve({ config, version: "0.0.0-test", signal: stop.signal });
  running.catch(() => {});
  const connect = async () => {
    const connection = await readKubeconfig(kubeconfig);
    return (await readyz(connection)).code === 200 ? connection : undefined;
  };
  const connection = await eventually("the server is ready", connect, 30_000);
  const end = async () => {
    stop.abort();
    await running;
  };
  return { config, connection, kubeconfig, stateDir, end, running };
}

async function readyz({ server, ca }: Connection) {
  const asked = request(`${server}/readyz`, { ca, agent: false });
  asked.end();
  const [answer] = await once(asked, "response");
  return { code: answer.statusCode, text: await text(answer) };
}

const web = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: { name: "web", namespace: "default" },
  spec: { cpus: 1, memory: "64Mi" },
};

t.test("a server runs what its folder says until it is told to end, and goes on where it was", async (t) => {
  const directory = await temporary(t);
  const manifests = join(directory, "manifests");
  await mkdir(manifests);
  await writeFile(join(manifests, "web.yaml"), JSON.stringify(web));
  const settings = { manifests, fakeHosts: 1 };
  const server = await served(directory, settings);
  t.match(await readyz(server.connection), { code: 200, text: "ok" });
  t.equal((await stat(server.kubeconfig)).mode & 0o777, 0o600);
  t.equal((await stat(join(server.stateDir, "images"))).mode & 0o777, 0o700);

  const client = new Client(server.connection);
  const key = { namespace: "default", name: "web" };
  const isRunning = async () => {
    const { status, metadata } = await client.get(VirtualMachineKind, key);
    return status?.printableStatus === "Running" ? metadata.uid : undefined;
  };
  const uid = await eventually("the machine runs", isRunning, 30_000);
  t.equal((await client.list(HostKind)).items.length, 1);
  await client[Symbol.asyncDispose]();
  await server.end();
  await t.rejects(readyz(server.connection), { code: "ECONNREFUSED" });
  await t.rejects(access(join(server.stateDir, "store.pid")), { code: "ENOENT" });

  const second = await served(directory, settings);
  t.equal(second.connection.token, server.connection.token, "who was let in still is");
  t.equal(second.connection.ca, server.connection.ca);
  const again = new Client(second.connection);
  t.equal((await again.get(VirtualMachineKind, key)).metadata.uid, uid);
  await again[Symbol.asyncDispose]();
  await second.end();
});

t.test("a second server on the same state is refused, and the first one goes on", async (t) => {
  const first = await served(await temporary(t));
  const { signal } = new AbortController();
  const second = serve({ config: first.config, version: "0.0.0-test", signal });
  await rejectsWith(t, second, "Conflict", /state directory .* is in use by another ostler \(pid \d+\)/);
  t.equal((await readyz(first.connection)).code, 200);
  const client = new Client(first.connection);
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "more" } } as const;
  await client.create(NamespaceKind, namespace);
  await client[Symbol.asyncDispose]();
  await first.end();
});

t.test("a server that cannot start says why, and leaves nothing running", async (t) => {
  const taken = await served(await temporary(t));
  const { signal } = new AbortController();
  const directory = await temporary(t);
  const { host } = new URL(taken.connection.server);
  const stateDir = join(directory, "state");
  const config = parseServeConfig({ stateDir, listen: host, logLevel: "silent" });
  await t.rejects(serve({ config, version: "0.0.0-test", signal }), { code: "EADDRINUSE" });
  await taken.end();
  const free = await served(directory);
  await free.end();
});

t.test("it is ready when it has started, unless its store has failed", async (t) => {
  const failure = new StatusError("ServiceUnavailable", "store is read-only: disk full");
  t.same(readiness(true, undefined), { ready: true, reasons: [] });
  t.same(readiness(false, undefined), { ready: false, reasons: ["starting"] });
  t.same(readiness(true, failure.message), { ready: false, reasons: ["store is read-only: disk full"] });
});

function withoutPrlimit(): string | false {
  try {
    execFileSync("prlimit", ["--version"]);
    return false;
  } catch {
    return "prlimit is not installed";
  }
}

t.test(
  "a server whose disk is full serves reads alone, and says so",
  { skip: withoutPrlimit() },
  async (t) => {
    const directory = await temporary(t);
    await using server = await startServerProcess({ directory, args: ["--fake-hosts", "1"] });
    const { client, pid } = server;
    await client.create(VirtualMachineKind, admit(VirtualMachineKind, web));
    execFileSync("prlimit", ["--pid", String(pid), "--fsize=1"]);
    const refused = async () => {
      const more = { ...web, metadata: { ...web.metadata, name: "more" } };
      await rejectsWith(
        t,
        client.create(VirtualMachineKind, admit(VirtualMachineKind, more)),
        "ServiceUnavailable",
      );
    };
    await refused();
    const connection = await readKubeconfig(join(directory, "state", "kubeconfig"));
    t.match(await readyz(connection), { code: 503, text: /^not ready\nstore is read-only: / });
    t.equal((await client.list(VirtualMachineKind)).items.length, 1);
    await refused();
    t.equal(await server.end("SIGTERM"), 0);

    await using restarted = await startServerProcess({ directory });
    t.equal((await restarted.client.list(VirtualMachineKind)).items.length, 1, "with room it goes on");
  },
);
