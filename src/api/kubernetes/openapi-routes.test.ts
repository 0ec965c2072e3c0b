import t from "tap";
import { startApi } from "../../testing/api-fixture.ts";
import { fieldOf } from "./json.ts";

const api = await startApi();
t.teardown(() => api[Symbol.asyncDispose]());

t.test("a document of version 3 may be kept for ever under the address that names its hash", async (t) => {
  const { json } = await api.call("GET", "/openapi/v3");
  const entry = fieldOf(fieldOf(json, "paths"), "apis/ostler.dev/v1");
  const url = String(fieldOf(entry, "serverRelativeURL"));
  const hashed = await api.call("GET", url);
  t.match(hashed.headers["cache-control"], "immutable");
  t.match(hashed.json, { openapi: "3.0.0" });
  const bare = await api.call("GET", "/openapi/v3/apis/ostler.dev/v1");
  t.notMatch(bare.headers["cache-control"], "immutable");
  t.equal(bare.text, hashed.text);
  t.match((await api.call("GET", "/openapi/v3/apis/nothing/v1")).json, { kind: "Status", code: 404 });
});

t.test("version 2 is JSON to most, and protobuf to those who take nothing else", async (t) => {
  const protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
  const json = await api.call("GET", "/openapi/v2");
  t.match(json, { code: 200, headers: { "content-type": /^application\/json/ }, json: { swagger: "2.0" } });
  const headers = { ...api.headers, accept: `${protobuf};q=0.9,text/html` };
  const answer = await api.app.inject({ method: "GET", url: "/openapi/v2", headers });
  t.equal(answer.headers["content-type"], protobuf.replace("@", "."));
  t.strictSame([...answer.rawPayload.subarray(0, 5)], [0x0a, 3, 0x32, 0x2e, 0x30], "swagger: 2.0");
  const none = await api.call("GET", "/openapi/v2", { headers: { accept: "text/html" } });
  t.match(none.json, { kind: "Status", code: 406 });
  const known = { "if-none-match": String(json.headers.etag) };
  t.match(await api.call("GET", "/openapi/v2", { headers: known }), { code: 304, text: "" });
});
