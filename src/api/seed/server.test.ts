import { connect } from "node:net";
import { text } from "node:stream/consumers";
import t from "tap";
import { startSeed } from "../../testing/seed-fixture.ts";

const seed = await startSeed();
t.teardown(() => seed[Symbol.asyncDispose]());

t.test("every answer is JSON with status 200, and says why it failed where a person may look", async (t) => {
  const good = await seed.app.inject("/vm/types");
  t.match(good, {
    statusCode: 200,
    headers: { "content-type": /^application\/json/, "cache-control": "no-store" },
  });
  t.equal(good.headers["ostler-reason"], undefined);
  const bad = await seed.app.inject("/vm/query?vmid=7");
  t.match(bad, { statusCode: 200, payload: "0", headers: { "ostler-reason": "there is no vmid 7" } });
  const odd = await seed.app.inject(`/vm/query?vmid=${encodeURIComponent("a\r\nx: y\u20ac")}`);
  t.match(odd, { statusCode: 200, payload: "0", headers: { "ostler-reason": "there is no vmid a x: y " } });
});

for (const path of [
  "/",
  "/vm",
  "/vm/x",
  "/pm/x/y",
  "/apis",
  "/vm/%zz",
  "/%00",
  "//",
  "/vm/create/../types",
]) {
  t.test(`${path} is no call, and is answered with 0`, async (t) => {
    t.match(await seed.app.inject(path), { statusCode: 200, payload: "0" });
  });
}

t.test("POST is as good as GET, with a query, a form or JSON; anything else is no call", async (t) => {
  const post = (url: string, payload: string, type?: string) =>
    seed.app.inject({
      method: "POST",
      url,
      payload,
      headers: type === undefined ? {} : { "content-type": type },
    });
  t.match(Object((await post("/vm/types", "")).json()).types, [{ tid: 1 }]);
  t.equal((await post("/pm/query?pmid=1", "")).json().pmid, 1);
  t.equal((await post("/pm/query", "pmid=1", "application/x-www-form-urlencoded")).json().pmid, 1);
  t.equal((await post("/pm/query", '{"pmid": 1}', "application/json")).json().pmid, 1);
  t.equal((await post("/pm/query", '{"pmid": 1}', "text/plain")).json().pmid, 1);
  t.equal((await post("/pm/query", "{", "application/json")).payload, "0");
  t.equal((await post("/vm/destroy", "x".repeat(70_000), "text/plain")).payload, '{"status":0}', "too large");
  for (const method of ["PUT", "DELETE", "PATCH"] as const) {
    t.match(await seed.app.inject({ method, url: "/vm/types" }), { statusCode: 200, payload: "0" }, method);
  }
});

t.test("only by its own names, and from no page of another site, may it be asked", async (t) => {
  const ask = async (headers: Record<string, string>) =>
    (await seed.app.inject({ url: "/vm/destroy?vmid=1", headers })).headers["ostler-reason"];
  for (const host of ["localhost:8080", "LOCALHOST", "127.0.0.1:8080", "10.1.2.3", "[::1]:8080"]) {
    t.equal(await ask({ host }), "there is no vmid 1", host);
  }
  for (const host of ["evil.example.org", "localhost.evil.org:80"]) {
    t.match(await ask({ host }), "Host header", host);
  }
  t.match(await ask({ "sec-fetch-site": "cross-site" }), "another site");
  t.match(await ask({ origin: "https://evil.example.org" }), "another site");
});

t.test("with keys, failures have them", async (t) => {
  await using keyed = await startSeed({ settings: { errorShape: "keyed" } });
  t.same(await keyed.ask("/vm/query?vmid=9"), { vmid: 0 });
  t.same(await keyed.ask("/pm/listvms?pmid=9"), { vmids: 0 });
  t.same(await keyed.ask("/pm/9"), { pmid: 0 });
  t.same(await keyed.ask("/nothing"), 0);
});

t.test("what is no HTTP is hung up on, and the next one is served", async (t) => {
  await using other = await startSeed();
  await other.app.listen({ host: "127.0.0.1", port: 0 });
  const address = other.app.server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const say = async (words: string) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(words);
    return text(socket);
  };
  t.match(await say("hello\r\n\r\n"), /^HTTP\/1.1 400 /);
  const answer = await say("GET /pm/list HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  t.match(answer, /^HTTP\/1.1 200 OK/);
  t.match(answer, /\r\n\r\n\{"pmids":\[1\]\}$/);
});

t.test("a store that fails makes calls fail, not the server", async (t) => {
  await using broken = await startSeed();
  broken.cluster.breakStore("disk full");
  await broken.cluster.addMachine("x").catch(() => {});
  t.same(await broken.ask("/vm/create?name=a&instance_type=1"), { vmid: 0 });
  t.same(await broken.ask("/nothing"), 0);
});
