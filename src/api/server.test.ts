import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { machinesPath, smallMachine, startApi } from "../testing/api-fixture.ts";
import { defaultLimits } from "./flow/flow-control.ts";

const api = await startApi();
t.teardown(() => api[Symbol.asyncDispose]());

const routes = [
  ["GET", "/"],
  ["GET", "/metrics"],
  ["GET", "/version"],
  ["GET", "/api"],
  ["GET", "/apis"],
  ["GET", "/api/v1"],
  ["GET", "/apis/ostler.dev"],
  ["GET", "/apis/ostler.dev/v1"],
  ["GET", "/openapi/v2"],
  ["GET", "/openapi/v3"],
  ["GET", "/openapi/v3/apis/ostler.dev/v1"],
  ["GET", "/healthz/more"],
  ["GET", "/readyz?x=/metrics/"],
  ["GET", "/nothing"],
  ["GET", machinesPath],
  ["GET", `${machinesPath}?watch=true`],
  ["POST", machinesPath],
  ["DELETE", machinesPath],
  ["GET", `${machinesPath}/web`],
  ["PUT", `${machinesPath}/web`],
  ["PATCH", `${machinesPath}/web`],
  ["DELETE", `${machinesPath}/web`],
  ["PUT", `${machinesPath}/web/status`],
  ["PUT", `${machinesPath}/web/start`],
] as const;

t.test("no route but the health paths answers without a known token", async (t) => {
  const strangers = [
    { authorization: "" },
    { authorization: "Bearer wrong" },
    { authorization: "Basic YWRtaW46YWRtaW4=" },
  ];
  for (const [method, url] of routes.filter(([, url]) => !url.startsWith("/readyz"))) {
    for (const headers of strangers) {
      const { code, json } = await api.call(method, url, { headers });
      t.equal(code, 401, `${method} ${url} ${headers.authorization}`);
      t.match(json, { kind: "Status", status: "Failure", reason: "Unauthorized", code: 401 });
    }
  }
  t.same((await api.store.list((await import("../schema/virtual-machine.ts")).VirtualMachineKind)).items, []);
});

t.test("the health paths answer anybody", async (t) => {
  for (const path of ["/healthz", "/livez", "/readyz", "/readyz?verbose"]) {
    const answer = await api.call("GET", path, { headers: { authorization: "", host: "10.9.8.7" } });
    t.match(answer, { code: 200, text: "ok" }, path);
  }
});

t.test("a Host header of another name is refused, token or not", async (t) => {
  for (const [method, url] of routes.filter(([, url]) => !url.startsWith("/readyz"))) {
    const { code, json } = await api.call(method, url, { headers: { host: "rebound.example.org" } });
    t.equal(code, 403, `${method} ${url}`);
    t.match(json, { kind: "Status", reason: "Forbidden" });
  }
});

t.test("a path that is nothing is a Status, and every answer has an audit id", async (t) => {
  for (const path of ["/nothing", "/apis/x/y/z", "/api/v1/pods", "/%ff"]) {
    const { code, json, headers } = await api.call("GET", path);
    t.ok(code === 404 || code === 400, path);
    t.match(json, { kind: "Status", code });
    t.match(headers["audit-id"], /^[0-9a-f-]{36}$/);
    t.equal(headers["cache-control"], "no-cache, private");
  }
});

t.test("bodies are limited, and what is wrong with one is a Status", async (t) => {
  const big = "x".repeat(2 * 1024 * 1024 + 1);
  t.match((await api.call("POST", machinesPath, { body: big })).json, {
    reason: "RequestEntityTooLarge",
    code: 413,
  });
  const half = "x".repeat(256 * 1024 + 1);
  t.match((await api.call("DELETE", `${machinesPath}/web`, { body: half })).json, { code: 413 });
  for (const body of ["{", "[".repeat(200_000), '{"__proto__":{"x":1}}', "null", "5", '"x"']) {
    const { json } = await api.call("POST", machinesPath, { body });
    t.match(json, { kind: "Status", reason: "BadRequest", code: 400 }, body.slice(0, 20));
  }
  t.equal(Reflect.get({}, "x"), undefined);
});

t.test("content types are read strictly", async (t) => {
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json2",
    "\tapplication/jsonx",
  ];
  for (const type of types) {
    const answer = await api.call("POST", machinesPath, {
      body: smallMachine,
      headers: { "content-type": type },
    });
    t.equal(answer.code, 415, JSON.stringify(type));
    t.match(answer.json, { kind: "Status", reason: "UnsupportedMediaType" });
  }
  const plain = { "content-type": "application/json; charset=utf-8" };
  const tried = await api.call("POST", `${machinesPath}?dryRun=All`, { body: smallMachine, headers: plain });
  t.equal(tried.code, 201);
});

const none = { seats: 0, seatsEach: 0, queued: 0, waitMs: 0 };

t.test("too many requests at once are turned away", async (t) => {
  await using full = await startApi({ limits: { ...defaultLimits, lists: none, watches: none } });
  const { json, headers } = await full.call("GET", machinesPath);
  t.match(json, { reason: "TooManyRequests", code: 429, details: { retryAfterSeconds: 1 } });
  t.equal(headers["retry-after"], "1");
  t.equal((await full.call("GET", `${machinesPath}?watch=1`)).code, 429);
  t.equal((await full.call("GET", "/healthz")).code, 200);
  t.equal(
    (await full.call("GET", `${machinesPath}/web`)).code,
    404,
    "what is not a list has seats of its own",
  );
  t.match((await full.call("GET", "/metrics")).text, 'ostler_api_rejected_requests_total{class="lists"} 1');
});

t.test("an error inside is a Status that tells nothing, and a log line that does", async (t) => {
  const lines: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error: (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields)}`),
    with: () => logger,
  };
  const broken = {
    ...api.store,
    encoded: () => "",
    get: () => Promise.reject(new TypeError("secret")),
    list: api.store.list.bind(api.store),
    watch: api.store.watch.bind(api.store),
  };
  await using failing = await startApi({ logger, store: Object.assign(Object.create(api.store), broken) });
  const { code, text } = await failing.call("GET", `${machinesPath}/web`);
  t.equal(code, 500);
  t.notMatch(text, "secret");
  t.match(lines, [/secret/]);
});

t.test("a client that goes away leaves its seat to others", async (t) => {
  await using listening = await startApi({
    listen: true,
    limits: { ...defaultLimits, watches: { ...none, seats: 1, seatsEach: 1 } },
  });
  const address = listening.app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const ca = await readFile(join(listening.directory, "ca.crt"));
  const path = `${machinesPath}?watch=true`;
  for (let n = 0; n < 3; n += 1) {
    const sent = request({
      host: "127.0.0.1",
      port,
      path,
      ca,
      agent: false,
      headers: listening.headers,
    }).end();
    const [response]: IncomingMessage[] = await once(sent, "response");
    t.equal(response?.statusCode, 200);
    t.equal((await listening.call("GET", path)).code, 429);
    sent.on("error", () => {}).destroy();
    while (!(await listening.call("GET", "/metrics")).text.includes('{class="watches"} 0')) {
      await systemClock.sleep(5);
    }
  }
});

t.test("plain HTTP on the TLS port is dropped, and the server goes on", async (t) => {
  await using listening = await startApi({ listen: true });
  const address = listening.app.server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const socket = connect(address.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\n\r\n");
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("close", resolve));
  t.equal((await listening.call("GET", "/healthz")).code, 200);
});
