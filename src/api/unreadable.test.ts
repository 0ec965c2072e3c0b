import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import t from "tap";
import { machinesPath, startApi } from "../testing/api-fixture.ts";

const api = await startApi({ listen: true });
t.teardown(() => api[Symbol.asyncDispose]());
const ca = await readFile(join(api.directory, "ca.crt"));
const { server } = api.app;

/** What the server answers before it hangs up. */
function say(text: string): Promise<string> {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, ca }, () => socket.write(text));
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => {}).once("close", () => resolve(answer));
  });
}

function statusIn(answer: string): unknown {
  return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
}

const head = (...lines: readonly string[]) =>
  [`POST ${machinesPath} HTTP/1.1`, "Host: localhost", ...lines, "", ""].join("\r\n");

t.test("what is not HTTP, and a head that is too large, are refused with a Status", async (t) => {
  const garbage = await say("\x00\x01 no request\r\n\r\n");
  t.match(garbage, /^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n/);
  t.match(statusIn(garbage), { kind: "Status", status: "Failure", reason: "BadRequest", code: 400 });
  const long = await say(head(`X-Long: ${"x".repeat(17 * 1024)}`));
  t.match(long, /^HTTP\/1\.1 431 /);
  t.match(statusIn(long), { kind: "Status", reason: "RequestEntityTooLarge", code: 431 });
  t.equal((await api.call("GET", "/healthz")).code, 200);
});

t.test("a request that does not arrive in time is refused with a Status", async (t) => {
  t.match(server, { requestTimeout: 30_000, headersTimeout: 15_000, maxConnections: 4096 });
  Object.assign(server, { requestTimeout: 200, headersTimeout: 100 });
  const slow = [
    head().slice(0, -2),
    head(`Authorization: ${api.headers.authorization}`, "Content-Length: 100").concat('{"kind":'),
  ];
  for (const answer of await Promise.all(slow.map(say))) {
    t.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n/);
    t.match(statusIn(answer), { kind: "Status", reason: "Timeout", code: 408 });
  }
});
