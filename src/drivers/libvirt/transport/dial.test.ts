import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import t from "tap";
import { established } from "./dial.ts";

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return { server, port: typeof address === "object" ? (address?.port ?? 0) : 0 };
}

const there = { event: "connect", family: "network", label: "there" } as const;

t.test("a socket is given out once it is connected, with no listeners left on it", async (t) => {
  const { server, port } = await listen();
  t.teardown(() => server.close());
  const controller = new AbortController();
  const socket = await established(connect(port, "127.0.0.1"), {
    ...there,
    signal: controller.signal,
  });
  controller.abort();
  t.notOk(socket.destroyed);
  t.equal(socket.listenerCount("error"), 0);
  socket.destroy();
});

t.test("a socket that fails is destroyed, and the error says where and why", async (t) => {
  const socket = connect(1, "127.0.0.1");
  await t.rejects(established(socket, there), {
    reason: "HostUnreachable",
    message: /^there: .*ECONNREFUSED/,
    why: "ConnectionRefused",
    cause: { code: "ECONNREFUSED" },
  });
  t.ok(socket.destroyed);
});

t.test("a signal ends the wait, also one that has aborted before", async (t) => {
  const { server, port } = await listen();
  t.teardown(() => server.close());
  const socket = connect(port, "127.0.0.1");
  const aborted = AbortSignal.abort(new Error("enough"));
  await t.rejects(established(socket, { ...there, signal: aborted }), {
    reason: "HostUnreachable",
    message: "there: gave up connecting",
    why: "Timeout",
    cause: { message: "enough" },
  });
  t.ok(socket.destroyed);
});
