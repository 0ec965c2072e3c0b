import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import t from "tap";
import { consoleFixture, consolePath, Viewer } from "../testing/console-fixture.ts";

/** Speaks HTTP by hand; resolves with all that came when the server has ended the connection. */
async function say(fixture: Awaited<ReturnType<typeof consoleFixture>>, lines: readonly string[]) {
  const socket: TLSSocket = connect({ host: "127.0.0.1", port: fixture.port, ca: fixture.ca });
  await once(socket, "secureConnect");
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  await once(socket, "close");
  return text;
}

t.test("whatever is asked of a request is asked of one to change the protocol, on every path", async (t) => {
  await using fixture = await consoleFixture();
  const upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
  const host = `Host: 127.0.0.1:${fixture.port}`;
  const token = `Authorization: ${fixture.api.headers.authorization}`;
  const cases = [
    ["GET /apis HTTP/1.1", [host, token], /^HTTP\/1.1 200 OK.*APIGroupList/s],
    ["GET /healthz HTTP/1.1", [host], /^HTTP\/1.1 200 OK.*ok/s],
    ["GET /apis HTTP/1.1", [host], /^HTTP\/1.1 401 /],
    ["GET /apis HTTP/1.1", ["Host: evil.example", token], /^HTTP\/1.1 403 /],
    ["GET /nothing HTTP/1.1", [host, token], /^HTTP\/1.1 404 /],
    [`GET ${consolePath} HTTP/1.1`, [host], /^HTTP\/1.1 401 /],
    [`DELETE ${consolePath} HTTP/1.1`, [host, token], /^HTTP\/1.1 405 /],
    [`GET ${consolePath} HTTP/1.1`, [host, token], /^HTTP\/1.1 400 .*subprotocol/s],
  ] as const;
  for (const [line, headers, wanted] of cases) {
    t.match(await say(fixture, [line, ...headers, ...upgrade]), wanted, `${line} ${headers.join(" ")}`);
  }
  const viewer = new Viewer(await fixture.dial());
  await viewer.sees("console of web");
});

t.test("half a handshake is refused, and leaves the console to others", async (t) => {
  await using fixture = await consoleFixture();
  const { authorization } = fixture.api.headers;
  const lines = [
    `GET ${consolePath} HTTP/1.1`,
    `Host: 127.0.0.1:${fixture.port}`,
    `Authorization: ${authorization}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Protocol: v5.channel.k8s.io",
    "Sec-WebSocket-Version: 13",
  ];
  t.match(await say(fixture, lines), /^HTTP\/1.1 400 .*Sec-WebSocket-Key/s);
  const viewer = new Viewer(await fixture.dial());
  await viewer.sees("console of web");
});
