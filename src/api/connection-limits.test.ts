import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { limitConnections } from "./connection-limits.ts";

/** Connections from an address of the loopback network, and what becomes of each. */
async function start(limits: { readonly all: number; readonly each: number }) {
  const server = createServer((_request, response) => response.end("ok"));
  limitConnections(server, limits);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const sockets: Socket[] = [];
  const serves = async (localAddress: string): Promise<boolean> => {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    sockets.push(socket.on("error", () => {}));
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const answer = new Promise<boolean>((resolve) => {
      socket.once("data", () => resolve(true)).once("close", () => resolve(false));
    });
    return answer;
  };
  const end = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { serves, end, sockets, server };
}

t.test("one address leaves connections to others, and all together have a limit", async (t) => {
  const { serves, end, sockets, server } = await start({ all: 5, each: 3 });
  t.teardown(end);
  for (let n = 0; n < 3; n += 1) t.ok(await serves("127.0.0.2"));
  t.notOk(await serves("127.0.0.2"), "the fourth of one address");
  for (let n = 0; n < 2; n += 1) t.ok(await serves("127.0.0.3"));
  t.notOk(await serves("127.0.0.3"), "the sixth of all");
  sockets[0]?.destroy();
  const count = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_error, open) => resolve(open)));
  while ((await count()) > 4) await systemClock.sleep(5);
  t.ok(await serves("127.0.0.2"), "who leaves makes room");
});
