import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { FrameWriter } from "./frame-writer.ts";
import { watchFrame } from "./shared-frames.ts";

const frame = (name: string) => watchFrame("ADDED", JSON.stringify({ name }));
const lineOf = (name: string): string => `{"type":"ADDED","object":{"name":"${name}"}}\n`;

/** A server that answers with what `write` writes after the head, and where it is. */
async function serving(write: (response: ServerResponse) => Promise<void>) {
  const server = createServer(async (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    await write(response);
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port }: AddressInfo = Object(server.address());
  return { port, [Symbol.dispose]: () => void server.close() };
}

t.test("frames are chunks of HTTP/1.1, one by one, in bursts and when there is no more room", async (t) => {
  const names = ["a", "ä", "x".repeat(4 * 1024 * 1024), "b", "c", "d"];
  using server = await serving(async (response) => {
    const writer = new FrameWriter(response);
    for (const name of names) {
      const full = writer.write(frame(name));
      if (full) await once(full, "drain");
      if (name === "a") await systemClock.yield();
    }
  });
  const sent = request({ port: server.port, host: "127.0.0.1" }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  t.equal(response?.headers["transfer-encoding"], "chunked");
  t.equal(response && (await text(response)), names.map(lineOf).join(""));
});

t.test("the first frame of a turn is sent at once, what else comes in it together", async (t) => {
  const corked: (number | undefined)[] = [];
  using server = await serving(async (response) => {
    const writer = new FrameWriter(response);
    for (const turn of ["one", "two"]) {
      for (const n of [1, 2, 3]) {
        writer.write(frame(`${turn}${n}`));
        corked.push(response.socket?.writableCorked);
      }
      await systemClock.yield();
      corked.push(response.socket?.writableCorked);
    }
  });
  const sent = request({ port: server.port, host: "127.0.0.1" }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  const lines = ["one1", "one2", "one3", "two1", "two2", "two3"].map(lineOf);
  t.equal(response && (await text(response)), lines.join(""));
  t.same(corked, [0, 1, 1, 0, 0, 1, 1, 0]);
});

t.test("a client of HTTP/1.0 is sent lines alone", async (t) => {
  using server = await serving(async (response) => {
    const writer = new FrameWriter(response);
    for (const name of ["a", "b"]) writer.write(frame(name));
  });
  const socket = connect(server.port, "127.0.0.1");
  socket.write("GET / HTTP/1.0\r\n\r\n");
  t.ok((await text(socket)).endsWith(`\r\n\r\n${lineOf("a")}${lineOf("b")}`));
});
