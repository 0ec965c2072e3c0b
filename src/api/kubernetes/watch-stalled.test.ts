import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import type { Socket } from "node:net";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { admit } from "../../schema/admission.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type ApiFixture, machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";

const megabyte = 1024 * 1024;
/** More than a watcher may be behind, in quarters of a megabyte. */
const changes = 4 * 75;
const machine = admit(VirtualMachineKind, smallMachine);

/** A watch of which nothing is read until the caller does, and the server's end of it. */
async function watchWithoutReading(api: ApiFixture): Promise<{ response: IncomingMessage; socket: Socket }> {
  const address = api.app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const ca = await readFile(join(api.directory, "ca.crt"));
  const accepted = once(api.app.server, "secureConnection");
  const path = `${machinesPath}?watch=true`;
  const sent = request({ host: "127.0.0.1", port, path, ca, agent: false, headers: api.headers }).end();
  const [socket]: Socket[] = await accepted;
  const [response]: IncomingMessage[] = await once(sent, "response");
  if (socket === undefined || response === undefined) throw new Error("no watch");
  return { response, socket };
}

/** Changes the machine so that a watcher is sent `count` quarters of a megabyte. */
async function change(api: ApiFixture, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const annotations = { n: String(n), big: "x".repeat(megabyte / 4) };
    await api.store.update(VirtualMachineKind, {
      ...machine,
      metadata: { ...machine.metadata, annotations },
    });
  }
}

/** Resolves when so many changes have been seen, with how many were seen in their order. */
async function seenBy(response: IncomingMessage, count: number): Promise<number> {
  let seen = 0;
  let rest = "";
  for await (const chunk of response.setEncoding("utf8")) {
    const text: string = rest + chunk;
    const marks = [...text.matchAll(/"n":"(\d+)"/g)];
    for (const [, n] of marks) if (n === String(seen)) seen += 1;
    rest = text.slice(-16).replace(/"n":"\d+"/, "");
    if (seen === count) break;
  }
  return seen;
}

t.test(
  "what a client does not take is kept within limits; it is told that it missed something",
  async (t) => {
    await using api = await startApi({ listen: true, clock: new ManualClock() });
    const { response, socket } = await watchWithoutReading(api);
    const reading = await watchWithoutReading(api);
    const everything = seenBy(reading.response, changes);
    await api.store.create(VirtualMachineKind, machine);
    await change(api, changes);
    t.equal(await everything, changes, "who keeps up misses nothing");
    reading.response.destroy();
    t.ok(socket.writableLength < 2 * megabyte, `${socket.writableLength} bytes wait to be sent`);
    let last = "";
    let frames = 0;
    let rest = "";
    for await (const chunk of response.setEncoding("utf8")) {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      frames += lines.length;
      last = lines.at(-1) ?? last;
    }
    t.match(JSON.parse(last), { type: "ERROR", object: { kind: "Status", reason: "Expired", code: 410 } });
    t.ok(frames < changes, `${frames} frames`);
  },
);

t.test("a client that takes nothing for a minute is dropped", async (t) => {
  const clock = new ManualClock();
  await using api = await startApi({ listen: true, clock });
  const { response, socket } = await watchWithoutReading(api);
  response.on("error", () => {});
  await api.store.create(VirtualMachineKind, machine);
  await change(api, 4 * 40);
  while (socket.writableLength === 0) await systemClock.sleep(5);
  await clock.advance(59_000);
  t.notOk(socket.destroyed);
  await clock.advance(1000);
  if (!socket.destroyed) await once(socket, "close");
  const watches = async () => /class="watches"\} (\d+)/.exec((await api.call("GET", "/metrics")).text)?.[1];
  while ((await watches()) !== "0") await systemClock.sleep(5);
  t.equal((await api.call("GET", `${machinesPath}/web`)).code, 200);
});
