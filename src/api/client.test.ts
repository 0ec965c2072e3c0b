import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { admit } from "../schema/admission.ts";
import { HostKind } from "../schema/host.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { startApi } from "../testing/api-fixture.ts";
import { rejectsWith } from "../testing/rejects-with.ts";
import { Client } from "./client.ts";

const machine = admit(VirtualMachineKind, {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: { name: "web" },
  spec: { cpus: 1, memory: "64Mi" },
});
const key = { namespace: "default", name: "web" };

async function setUp() {
  const api = await startApi({ listen: true });
  const address = api.app.server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const ca = await readFile(join(api.directory, "ca.crt"), "utf8");
  const server = `https://127.0.0.1:${address.port}`;
  const token = api.headers.authorization.replace("Bearer ", "");
  return { api, config: { server, ca, token }, client: new Client({ server, ca, token }) };
}

t.test("objects are written and read with their types", async (t) => {
  const { api, client } = await setUp();
  await using _api = api;
  await using _client = client;
  const created = await client.create(VirtualMachineKind, machine);
  t.equal(created.metadata.generation, 1);
  const patched = await client.patch(VirtualMachineKind, key, { spec: { cpus: 2 } });
  t.equal(patched.spec.cpus, 2);
  const updated = await client.update(VirtualMachineKind, { ...patched, spec: machine.spec });
  t.equal(updated.spec.cpus, 1);
  t.match(await client.part("PUT", { kind: VirtualMachineKind, key, part: "stop" }), {
    status: { runOverride: { action: "Stop" } },
  });
  t.equal((await client.list(VirtualMachineKind, { labelSelector: "app=x" })).items.length, 0);
  t.equal((await client.list(VirtualMachineKind)).items.length, 1);
  t.match(await client.table(VirtualMachineKind), {
    columnDefinitions: [{ name: "Name" }],
    rows: [{ cells: ["web"] }],
  });
  t.equal(
    (await client.patch(VirtualMachineKind, key, { spec: { cpus: 9 } }, { dryRun: true })).spec.cpus,
    9,
  );
  await client.delete(VirtualMachineKind, key);
  const left = await client.get(VirtualMachineKind, key);
  t.ok(left.metadata.deletionTimestamp);
  t.equal(left.spec.cpus, 1);
  t.match(await client.version(), { major: "1" });
});

t.test("failures are StatusErrors with the server's reason, message and causes", async (t) => {
  const { api, client, config } = await setUp();
  await using _api = api;
  await using _client = client;
  await rejectsWith(
    t,
    client.get(VirtualMachineKind, key),
    "NotFound",
    'virtualmachines.ostler.dev "web" not found',
  );
  await client.create(VirtualMachineKind, machine);
  await rejectsWith(t, client.create(VirtualMachineKind, machine), "AlreadyExists");
  const stale = { metadata: { resourceVersion: "1" } };
  await rejectsWith(t, client.patch(VirtualMachineKind, key, stale), "Conflict", "has been modified");
  const wrong = client.patch(VirtualMachineKind, key, { spec: { cpus: 0, memory: "x" } });
  await rejectsWith(t, wrong, "Invalid");
  t.match(await wrong.catch((error: unknown) => error), {
    causes: [{ field: "spec.cpus" }, { field: "spec.memory" }],
  });
  await using stranger = new Client({ ...config, token: "wrong" });
  await rejectsWith(t, stranger.get(HostKind, { name: "x" }), "Unauthorized");
  await using untrusting = new Client({ server: config.server, token: config.token });
  await rejectsWith(t, untrusting.version(), "ServiceUnavailable", "cannot reach the server");
  await using nobody = new Client({ server: "https://127.0.0.1:1" });
  await rejectsWith(t, nobody.version(), "ServiceUnavailable", "is it running?");
});

t.test("a watch tells what happens until it is aborted", async (t) => {
  const { api, client } = await setUp();
  await using _api = api;
  await using _client = client;
  await client.create(VirtualMachineKind, machine);
  const controller = new AbortController();
  const seen: string[] = [];
  for await (const { type, object } of client.watch(VirtualMachineKind, { signal: controller.signal })) {
    seen.push(`${type} ${object.spec.cpus}`);
    if (seen.length === 1) await client.patch(VirtualMachineKind, key, { spec: { cpus: 2 } });
    else controller.abort();
  }
  t.same(seen, ["ADDED 1", "MODIFIED 2"]);
});

t.test("a watch from a revision that is gone is Expired", async (t) => {
  const { api, client } = await setUp();
  await using _api = api;
  await using _client = client;
  const events = client.watch(VirtualMachineKind, { since: "999", signal: new AbortController().signal });
  const first = async () => {
    for await (const event of events) return event;
    return undefined;
  };
  await rejectsWith(t, first(), "Expired");
});
