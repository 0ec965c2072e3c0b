import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
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
      if (name === "a") await systemClock.sleep(10);
    }
  });
  const sent = request({ port: server.port, host: "127.0.0.1" }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  t.equal(response?.headers["transfer-encoding"], "chunked");
  t.equal(response && (await text(response)), names.map(lineOf).join(""));
});

t.test("after a rest a frame is sent at once, those that follow soon go together", async (t) => {
  const clock = new ManualClock();
  const corked: (number | undefined)[] = [];
  using server = await serving(async (response) => {
    const writer = new FrameWriter(response, clock);
    const write = (name: string) => {
      const full = writer.write(frame(name));
      corked.push(response.socket?.writableCorked);
      return full;
    };
    for (const round of ["one", "two"]) {
      for (const n of [1, 2, 3]) write(`${round}${n}`);
      await clock.advance(4);
      corked.push(response.socket?.writableCorked);
      await clock.advance(4);
    }
    write("three1");
    const full = write("x".repeat(4 * 1024 * 1024));
    if (full) await once(full, "drain");
  });
  const sent = request({ port: server.port, host: "127.0.0.1" }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  const names = ["one1", "one2", "one3", "two1", "two2", "two3", "three1", "x".repeat(4 * 1024 * 1024)];
  t.equal(response && (await text(response)), names.map(lineOf).join(""));
  t.same(corked, [0, 1, 1, 0, 0, 1, 1, 0, 0, 0], "what is as much as a socket takes waits for nothing");
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
