import { gunzipSync } from "node:zlib";
import t from "tap";
import { machinesPath, startApi } from "../testing/api-fixture.ts";
import { takesGzip } from "./compression.ts";

t.test("gzip is taken when it is named and not refused", async (t) => {
  for (const header of ["gzip", "deflate, gzip;q=0.5", "GZIP"]) t.equal(takesGzip(header), true, header);
  for (const header of [undefined, "", "br", "gzip;q=0", "identity"]) t.equal(takesGzip(header), false);
});

t.test("long answers are compressed for who asks for it, and say that it depends", async (t) => {
  await using api = await startApi();
  const get = (url: string, headers = {}) =>
    api.app.inject({ method: "GET", url, headers: { ...api.headers, ...headers } });
  const asked = { "accept-encoding": "gzip" };
  const long = "/openapi/v3/apis/ostler.dev/v1";
  const plain = await get(long);
  t.equal(plain.headers["content-encoding"], undefined);
  t.match(plain.headers.vary, "Accept-Encoding");
  const small = await get(long, asked);
  t.equal(small.headers["content-encoding"], "gzip");
  t.equal(Number(small.headers["content-length"]), small.rawPayload.length);
  t.ok(small.rawPayload.length < plain.rawPayload.length / 4);
  t.equal(gunzipSync(small.rawPayload).toString(), plain.payload);
  t.equal((await get("/version", asked)).headers["content-encoding"], undefined, "what is short is not");
});

t.test("so are lists that are sent in pieces", async (t) => {
  await using api = await startApi();
  const path = "/api/v1/namespaces/default/configmaps";
  for (const name of ["a", "b", "c"]) {
    await api.call("POST", path, { body: { metadata: { name }, data: { text: "x".repeat(100_000) } } });
  }
  const headers = { ...api.headers, "accept-encoding": "gzip" };
  const answer = await api.app.inject({ method: "GET", url: path, headers });
  t.equal(answer.headers["content-encoding"], "gzip");
  t.match(JSON.parse(gunzipSync(answer.rawPayload).toString()), {
    kind: "ConfigMapList",
    items: { length: 3 },
  });
  t.match((await api.app.inject({ method: "GET", url: machinesPath, headers })).json(), { items: [] });
});
