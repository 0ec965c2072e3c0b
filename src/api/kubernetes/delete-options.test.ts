import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { fieldOf } from "./json.ts";

const hosts = "/apis/ostler.dev/v1/hosts";
const h1 = `${hosts}/h1`;
const host = { metadata: { name: "h1" }, spec: { uri: "test:///default" } };

async function started() {
  const api = await startApi();
  await api.call("POST", hosts, { body: host });
  await api.call("POST", machinesPath, { body: smallMachine });
  return api;
}

function metadataOf(json: unknown, name: string): unknown {
  return fieldOf(fieldOf(json, "metadata"), name);
}

t.test("what becomes of dependents is told by the body or by the query", async (t) => {
  const ways: readonly (readonly [string, unknown, readonly string[] | undefined])[] = [
    ["?propagationPolicy=Orphan", undefined, ["orphan"]],
    ["", { propagationPolicy: "Foreground" }, ["foregroundDeletion"]],
    ["?propagationPolicy=Orphan", { propagationPolicy: "Foreground" }, ["foregroundDeletion"]],
    ["", { orphanDependents: true }, ["orphan"]],
    ["?orphanDependents=true", undefined, ["orphan"]],
    ["?propagationPolicy=Background", { kind: "DeleteOptions", apiVersion: "v1" }, undefined],
    ["", { orphanDependents: false }, undefined],
    ["", undefined, undefined],
  ];
  for (const [query, body, finalizers] of ways) {
    await using api = await started();
    const { code, json } = await api.call("DELETE", `${h1}${query}`, body === undefined ? {} : { body });
    t.equal(code, 200);
    t.strictSame(metadataOf(json, "finalizers"), finalizers, `${query} ${JSON.stringify(body)}`);
    t.match(json, finalizers === undefined ? { kind: "Status", status: "Success" } : { kind: "Host" });
  }
});

t.test("what is asked for and makes no sense is refused, and nothing is deleted", async (t) => {
  await using api = await started();
  const tries: readonly (readonly [string, unknown, number])[] = [
    ["?propagationPolicy=Sideways", undefined, 422],
    ["", { propagationPolicy: "background" }, 422],
    ["", { propagationPolicy: "Orphan", orphanDependents: true }, 422],
    ["?orphanDependents=true", { propagationPolicy: "Orphan" }, 422],
    ["", { orphanDependents: "yes" }, 400],
    ["", { gracePeriodSeconds: "soon" }, 400],
    ["?gracePeriodSeconds=1.5", undefined, 400],
    ["", [], 400],
  ];
  for (const [query, body, code] of tries) {
    const answer = await api.call("DELETE", `${h1}${query}`, body === undefined ? {} : { body });
    t.equal(answer.code, code, `${query} ${JSON.stringify(body)}`);
  }
  t.equal((await api.call("GET", h1)).code, 200);
});

t.test("a machine is given the time that is asked for, and less when it is asked again", async (t) => {
  await using api = await started();
  const web = `${machinesPath}/web`;
  const grace = async (query: string, body?: unknown) => {
    const { json } = await api.call("DELETE", `${web}${query}`, body === undefined ? {} : { body });
    return metadataOf(json, "deletionGracePeriodSeconds");
  };
  t.equal(await grace("?gracePeriodSeconds=300"), 300);
  t.equal(await grace(""), 300);
  t.equal(await grace("", { gracePeriodSeconds: 5 }), 5);
  t.equal(await grace("", { gracePeriodSeconds: 600 }), 5);
  t.equal(await grace("", { gracePeriodSeconds: 0 }), 0);
});

t.test("a dry run tells what would be, in every way", async (t) => {
  await using api = await started();
  const tried = await api.call("DELETE", `${h1}?dryRun=All&propagationPolicy=Foreground`);
  t.strictSame(metadataOf(tried.json, "finalizers"), ["foregroundDeletion"]);
  t.notOk(metadataOf((await api.call("GET", h1)).json, "deletionTimestamp"));
});
