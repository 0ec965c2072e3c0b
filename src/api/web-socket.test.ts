import t from "tap";
import { consoleFixture, consolePath } from "../testing/console-fixture.ts";
import { openWebSocket } from "./web-socket.ts";

t.test("messages come one by one, whole and in order, and end with a goodbye", async (t) => {
  await using fixture = await consoleFixture();
  const socket = await fixture.dial();
  const sizes: number[] = [];
  for (const size of [1, 70_000, 3]) await socket.send(Buffer.concat([Buffer.from([0]), Buffer.alloc(size)]));
  let bytes = 0;
  for await (const message of socket.read()) {
    sizes.push(message.length - 1);
    bytes += message.length - 1;
    if (bytes === "console of web\r\n".length + 70_004) fixture.domain.destroy();
  }
  t.same(sizes.slice(0, 5), [0, 16, 1, 70_000, 3]);
});

t.test("a message of more than a MiB ends it", async (t) => {
  await using fixture = await consoleFixture();
  const socket = await fixture.dial();
  await socket.send(Buffer.alloc(2 * 2 ** 20));
  for await (const _message of socket.read());
  await t.rejects(socket.send(Buffer.from([0, 97])));
});

t.test("who listens and is asked gives a sign of life", async (t) => {
  await using fixture = await consoleFixture();
  const socket = await fixture.dial();
  t.ok(socket.ping(), "it does not listen yet, so it cannot tell");
  const messages = socket.read();
  await messages.next();
  await messages.next();
  const more = messages.next();
  t.ok(socket.ping());
  t.notOk(socket.ping(), "the answer takes its time");
  await socket.send(Buffer.from([0, 97]));
  await more;
  const last = messages.next();
  t.ok(socket.ping(), "now it has come");
  fixture.domain.destroy();
  await last;
});

t.test("where there is no server, and where it is another than expected, opening fails", async (t) => {
  await using fixture = await consoleFixture();
  const at = (url: string, ca: string) =>
    openWebSocket({ url: new URL(url), protocol: "v5.channel.k8s.io", headers: {}, tls: { ca } });
  await t.rejects(at("https://127.0.0.1:1/", fixture.ca), { code: "ECONNREFUSED" });
  const address = `https://127.0.0.1:${fixture.port}${consolePath}`;
  await t.rejects(
    openWebSocket({ url: new URL(address), protocol: "v5.channel.k8s.io", headers: {}, tls: {} }),
    /self-signed|unable to verify|UNABLE_TO/,
  );
});
