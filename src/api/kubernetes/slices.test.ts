import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { admit } from "../../schema/admission.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type ApiFixture, machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { slicesOf } from "./slices.ts";

t.test("pieces are joined to slices of some size, and nothing is lost", async (t) => {
  t.same([...slicesOf(["ab", "c", "def", "g"], 3)], ["abc", "def", "g"]);
  t.same([...slicesOf(["abcdef"], 3)], ["abcdef"]);
  t.same([...slicesOf(["a", "b"], 3)], ["ab"]);
  t.same([...slicesOf([], 3)], []);
});

async function fill(api: ApiFixture, count: number): Promise<void> {
  const annotations = { note: "ü".repeat(2000) };
  for (let n = 0; n < count; n += 1) {
    const metadata = { name: `vm-${n}`, namespace: "default", annotations };
    await api.store.create(VirtualMachineKind, admit(VirtualMachineKind, { ...smallMachine, metadata }));
  }
}

async function get(api: ApiFixture, path: string): Promise<IncomingMessage> {
  const address = api.app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const ca = await readFile(join(api.directory, "ca.crt"));
  const sent = request({ host: "127.0.0.1", port, path, ca, agent: false, headers: api.headers }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  if (response === undefined) throw new Error("no response");
  return response;
}

t.test("a long list arrives whole, in every view, and others are served meanwhile", async (t) => {
  await using api = await startApi({ listen: true });
  await fill(api, 700);
  const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
  for (const [headers, field] of [
    [{}, "items"],
    [{ accept: table }, "rows"],
  ] as const) {
    const { code, json } = await api.call("GET", machinesPath, { headers });
    t.match(json, { [field]: { length: 700 } });
    t.equal(code, 200);
  }
  const list = await get(api, machinesPath);
  const [taken] = await once(list, "data");
  t.ok(taken.length > 0);
  t.equal(
    (await api.call("GET", `${machinesPath}/vm-3`)).code,
    200,
    "while most of the list waits to be taken",
  );
  const small = await get(api, `${machinesPath}?limit=1`);
  t.match(small.headers, { "content-length": /^\d+$/ }, "what is short is sent at once");
  small.resume();
  list.destroy();
});

t.test("a client that leaves in the middle of a list gives its seats back", async (t) => {
  await using api = await startApi({ listen: true });
  await fill(api, 700);
  const list = await get(api, machinesPath);
  await once(list, "readable");
  const taken = async (): Promise<string | undefined> =>
    /current_requests\{class="lists"\} (\d+)/.exec((await api.call("GET", "/metrics")).text)?.[1];
  list.on("error", () => {}).destroy();
  while ((await taken()) !== "0") await systemClock.sleep(5);
  t.pass();
});
