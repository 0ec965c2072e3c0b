import t from "tap";
import { admit } from "../../schema/admission.ts";
import { HostKind, type HostStatus } from "../../schema/host.ts";
import { startApi } from "../../testing/api-fixture.ts";

const path = "/apis/ostler.dev/v1/hosts/rack1/fence";
const body = { reason: "the power supply burnt" };

async function fixture(isUnreachable = true) {
  const api = await startApi();
  const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name: "rack1" } };
  await api.store.create(HostKind, admit(HostKind, { ...head, spec: { uri: "fake://rack1" } }));
  const host = await api.store.get(HostKind, { name: "rack1" });
  if (host === undefined) throw new Error("there is no host");
  const told = { status: isUnreachable ? "True" : "False", reason: "Timeout", message: "no answer" } as const;
  const condition = { type: "Unreachable", ...told, lastTransitionTime: "2026-01-01T00:00:00Z" };
  const status: HostStatus = { hostUuid: "u-1", conditions: [condition] };
  await api.store.updateStatus(HostKind, { ...host, status });
  const fence = async () => (await api.store.get(HostKind, { name: "rack1" }))?.status?.fence;
  return { api, fence };
}

t.test("a person states that a host is down, reads it and takes it back", async (t) => {
  const { api, fence } = await fixture();
  await using _api = api;
  t.equal((await api.call("GET", path)).code, 404);
  const said = await api.call("PUT", path, { body });
  t.match(said, { code: 200, json: { kind: "HostFence", metadata: { name: "rack1" }, ...body } });
  const stored = await fence();
  t.match(stored, { proof: "HumanStatement", hostUuid: "u-1", machines: "All", evenInMassOutage: false });
  t.match(stored?.statedBy, /./, "who said so is written down");
  t.equal(Date.parse(stored?.expiresAt ?? "") - Date.parse(stored?.statedAt ?? ""), 3_600_000);
  t.match((await api.call("GET", path)).json, { ...stored });
  t.equal((await api.call("DELETE", path)).code, 200);
  t.equal(await fence(), undefined);
  t.equal((await api.call("DELETE", path)).code, 404);
});

t.test("of a host that answers nobody can say that it is down", async (t) => {
  const { api, fence } = await fixture(false);
  await using _api = api;
  t.match(await api.call("PUT", path, { body }), { code: 409, json: { message: /a host that answers/ } });
  t.equal(await fence(), undefined);
});

t.test("a statement without a reason, or of a length that is none, is refused", async (t) => {
  const { api, fence } = await fixture();
  await using _api = api;
  for (const wrong of [
    {},
    { reason: "" },
    { ...body, expiresInSeconds: 5 },
    { ...body, expiresInSeconds: 1e6 },
    { ...body, statedBy: "somebody else" },
    { ...body, proof: "FenceDevice" },
  ]) {
    t.equal((await api.call("PUT", path, { body: wrong })).code, 422, JSON.stringify(wrong));
  }
  t.equal((await api.call("PUT", path.replace("rack1", "rack2"), { body })).code, 404);
  t.equal(await fence(), undefined);
});

t.test("what is only tried is not written", async (t) => {
  const { api, fence } = await fixture();
  await using _api = api;
  t.equal((await api.call("PUT", `${path}?dryRun=All`, { body })).code, 200);
  t.equal(await fence(), undefined);
});
