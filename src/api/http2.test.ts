import { once } from "node:events";
import { type ClientHttp2Session, connect, constants, type OutgoingHttpHeaders } from "node:http2";
import { connect as connectTcp } from "node:net";
import t from "tap";
import { type ApiFixture, machinesPath, portOf, smallMachine, startApi } from "../testing/api-fixture.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { eventually } from "../testing/server-process.ts";

interface Answer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: unknown;
}

function sessionOf(api: ApiFixture): ClientHttp2Session {
  return connect(`https://127.0.0.1:${portOf(api.app)}`, { rejectUnauthorized: false });
}

function call(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const stream = session.request(headers);
  let text = "";
  let answered: Readonly<Record<string, unknown>> = {};
  stream.on("response", (found) => {
    answered = found;
  });
  stream.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  stream.once("end", () => resolve({ headers: answered, json: JSON.parse(text) }));
  stream.once("error", reject);
  if (body !== undefined) stream.end(body);
  return promise;
}

t.test("requests are answered over one connection, many at once, as over HTTP/1.1", async (t) => {
  await using api = await startApi({ listen: true });
  const session = sessionOf(api);
  const post = {
    ...api.headers,
    ":method": "POST",
    ":path": machinesPath,
    "content-type": "application/json",
  };
  const made = await call(session, post, JSON.stringify(smallMachine));
  t.match(made, { headers: { ":status": 201 }, json: { metadata: { name: "web" } } });
  const get = { ...api.headers, ":path": `${machinesPath}/web` };
  const answers = await Promise.all(Array.from({ length: 300 }, () => call(session, get)));
  t.ok(answers.every(({ headers }) => headers[":status"] === 200));
  const one = answers[0]?.headers ?? {};
  t.match(one, { "audit-id": /./, "cache-control": "no-cache, private", vary: "Accept" });
  for (const name of ["transfer-encoding", "connection", "keep-alive"]) t.equal(one[name], undefined, name);
  const wrong = await call(session, { ":path": machinesPath });
  t.match(wrong, { headers: { ":status": 401 }, json: { kind: "Status", reason: "Unauthorized" } });
  const other = await call(session, { ...get, ":authority": "evil.example.org" });
  t.match(other.json, { code: 403, message: /Host header/ });
  session.close();
});

t.test("a watch tells what happens, and ends in good order when the server closes", async (t) => {
  const api = await startApi({ listen: true });
  const session = sessionOf(api);
  const watch = session.request({ ...api.headers, ":path": `${machinesPath}?watch=true` });
  const frames: string[] = [];
  watch.setEncoding("utf8").on("data", (text: string) => frames.push(...text.trim().split("\n")));
  const ended = new Promise((resolve) => watch.once("close", resolve));
  await new Promise((resolve) => watch.once("response", resolve));
  await api.call("POST", machinesPath, { body: smallMachine });
  await eventually("the machine is told", async () => frames.length > 0 || undefined);
  t.match(frames[0], '{"type":"ADDED","object":{"apiVersion":"ostler.dev/v1"');
  const closed = new Promise((resolve) => session.once("close", resolve));
  await api[Symbol.asyncDispose]();
  await Promise.all([ended, closed]);
  t.equal(watch.rstCode, constants.NGHTTP2_NO_ERROR);
});

t.test("who has yet to shake hands when the server closes is hung up on, and not waited for", async (t) => {
  const api = await startApi({ listen: true });
  const { server } = api.app;
  const waitedFor: string[] = [];
  server.on("tlsClientError", ({ code }) => waitedFor.push(code));
  const silent = connectTcp(portOf(api.app), "127.0.0.1");
  const hungUp = once(silent.on("error", () => undefined).resume(), "close");
  await once(server, "connection");
  const known = sessionOf(api);
  await once(known, "connect");
  await api[Symbol.asyncDispose]();
  await hungUp;
  t.notOk(waitedFor.includes("ERR_TLS_HANDSHAKE_TIMEOUT"));
});

t.test("a body that does not come is waited for as long as over HTTP/1.1", async (t) => {
  const clock = new ManualClock();
  await using api = await startApi({ listen: true, clock });
  const session = sessionOf(api);
  const stream = session.request(
    { ...api.headers, ":method": "POST", ":path": machinesPath, "content-type": "application/json" },
    { endStream: false },
  );
  const closed = new Promise((resolve) => stream.once("close", resolve));
  stream.on("error", () => undefined).write("{");
  let open = true;
  void closed.then(() => {
    open = false;
  });
  await eventually("the stream is closed", async () => {
    await clock.advance(31_000);
    return open ? undefined : true;
  });
  t.pass("it was given up");
  session.destroy();
});
