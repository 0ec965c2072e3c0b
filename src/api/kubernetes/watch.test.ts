import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type ApiFixture, machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { fieldOf } from "./json.ts";

/** All frames of a watch that ends by itself when the clock has gone on by `timeoutSeconds`. */
async function watchFor(api: ApiFixture, clock: ManualClock, query: string, during: () => Promise<unknown>) {
  const answer = api.call("GET", `${machinesPath}?watch=true&timeoutSeconds=5&${query}`);
  await clock.settle();
  await during();
  await clock.advance(5000);
  const { code, text } = await answer;
  t.equal(code, 200);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

function told(frames: readonly unknown[]): string {
  return frames
    .map((frame) => {
      const metadata = fieldOf(fieldOf(frame, "object"), "metadata");
      return `${fieldOf(frame, "type")} ${fieldOf(metadata, "name")} ${fieldOf(metadata, "resourceVersion")}`;
    })
    .join(", ");
}

async function setUp() {
  const clock = new ManualClock();
  const api = await startApi({ clock });
  const create = (name: string, app = "web") =>
    api.call("POST", machinesPath, { body: { ...smallMachine, metadata: { name, labels: { app } } } });
  const label = (name: string, app: string) =>
    api.call("PATCH", `${machinesPath}/${name}`, {
      body: { metadata: { labels: { app } } },
      headers: { "content-type": "application/merge-patch+json" },
    });
  return { clock, api, create, label };
}

t.test("a watch without a revision begins with what there is", async (t) => {
  const { clock, api, create } = await setUp();
  await using _ = api;
  await create("a");
  const frames = await watchFor(api, clock, "", () => create("b"));
  t.equal(told(frames), "ADDED a 2, ADDED b 3");
});

t.test("a watch is resumed from any revision, without gap or repeat", async (t) => {
  const { clock, api, create, label } = await setUp();
  await using _ = api;
  await create("a");
  await create("b");
  const frames = await watchFor(api, clock, "resourceVersion=2", () => label("a", "db"));
  t.equal(told(frames), "ADDED b 3, MODIFIED a 4");
});

t.test(
  "with a label selector, what leaves the selection is deleted and what enters it is added",
  async (t) => {
    const { clock, api, create, label } = await setUp();
    await using _ = api;
    await create("a", "web");
    await create("b", "db");
    const frames = await watchFor(api, clock, "resourceVersion=3&labelSelector=app%3Dweb", async () => {
      await label("a", "db");
      await label("b", "web");
      await label("a", "other");
    });
    t.equal(told(frames), "DELETED a 4, ADDED b 5");
  },
);

t.test("one object is watched by its name", async (t) => {
  const { clock, api, create, label } = await setUp();
  await using _ = api;
  await create("a");
  await create("b");
  const during = async () => {
    await label("b", "db");
    await label("a", "db");
  };
  const frames = await watchFor(api, clock, "resourceVersion=3&fieldSelector=metadata.name%3Da", during);
  t.equal(told(frames), "MODIFIED a 5");
});

t.test("a revision that is gone, or never was, is one ERROR frame with 410", async (t) => {
  const { clock, api, create } = await setUp();
  await using _ = api;
  await create("a");
  const future = await watchFor(api, clock, "resourceVersion=99", async () => {});
  t.match(future, [{ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } }]);
});

t.test("what was compacted away is one ERROR frame with 410 for a watch, and 410 for a list", async (t) => {
  const { clock, api, create, label } = await setUp();
  await using _ = api;
  await create("a");
  await create("b");
  const page = (await api.call("GET", `${machinesPath}?limit=1`)).json;
  const token = fieldOf(fieldOf(page, "metadata"), "continue");
  await label("a", "db");
  await api.log.compact(api.log.revision());
  const frames = await watchFor(api, clock, "resourceVersion=2", async () => {});
  t.match(frames, [{ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } }]);
  t.equal(frames.length, 1);
  const next = await api.call("GET", `${machinesPath}?limit=1&continue=${token}`);
  t.match(next, { code: 410, json: { kind: "Status", reason: "Expired", code: 410 } });
  const resumed = await watchFor(api, clock, `resourceVersion=${api.log.revision()}`, () => create("c"));
  t.equal(told(resumed), "ADDED c 5");
});

t.test("bookmarks come each minute and at the end, if they are wanted", async (t) => {
  const { clock, api, create } = await setUp();
  await using _ = api;
  await create("a");
  const answer = api.call("GET", `${machinesPath}?watch=1&allowWatchBookmarks=true&timeoutSeconds=90`);
  await clock.advance(90_000);
  const lines = (await answer).text
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  t.equal(told(lines), "ADDED a 2, BOOKMARK  2, BOOKMARK  2");
  t.match(lines[1], { object: { kind: "VirtualMachine", apiVersion: "ostler.dev/v1" } });
});

t.test("the end of the initial events is marked for those who ask for them", async (t) => {
  const { clock, api, create } = await setUp();
  await using _ = api;
  await create("a");
  const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
  const frames = await watchFor(api, clock, query, () => create("b"));
  t.equal(told(frames), "ADDED a 2, BOOKMARK  2, ADDED b 3");
  t.match(frames[1], { object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } } });
  const alone = await api.call("GET", `${machinesPath}?watch=1&sendInitialEvents=true`);
  t.match(alone.json, { kind: "Status", code: 422 });
});

t.test("a watch as a table has its columns in the first frame only", async (t) => {
  const { clock, api, create } = await setUp();
  await using _ = api;
  await create("a");
  await create("b");
  const answer = api.call("GET", `${machinesPath}?watch=1&timeoutSeconds=5`, {
    headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" },
  });
  await clock.advance(5000);
  const [first, second] = (await answer).text.split("\n", 2).map((line): unknown => JSON.parse(line));
  t.match(first, {
    type: "ADDED",
    object: { kind: "Table", columnDefinitions: [{ name: "Name" }], rows: [{}] },
  });
  t.match(second, { type: "ADDED", object: { columnDefinitions: null, rows: [{}] } });
});

t.test("what is wrong with a watch is told before it begins", async (t) => {
  const { api } = await setUp();
  await using _ = api;
  for (const query of [
    "resourceVersion=x",
    "labelSelector=%3D",
    "timeoutSeconds=soon",
    "fieldSelector=spec.x%3D1",
  ]) {
    const { json } = await api.call("GET", `${machinesPath}?watch=true&${query}`);
    t.match(json, { kind: "Status", code: 400 }, query);
  }
});

t.test(
  "over the network the head comes at once, and closing the server ends the watch in good order",
  async (t) => {
    const api = await startApi({ listen: true });
    const address = api.app.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const ca = await readFile(join(api.directory, "ca.crt"));
    const path = `${machinesPath}?watch=true`;
    const sent = request({ host: "127.0.0.1", port: address.port, path, ca, headers: api.headers });
    sent.end();
    const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
      sent.once("response", resolve).once("error", reject);
    });
    t.equal(response.statusCode, 200);
    t.match(response.headers["audit-id"], /./);
    let text = "";
    response.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const ended = new Promise((resolve) => response.once("end", resolve));
    await api.store.create(VirtualMachineKind, {
      ...smallMachine,
      spec: {
        ...smallMachine.spec,
        runStrategy: "Always",
        disks: [],
        networks: [],
        terminationGracePeriodSeconds: 1,
      },
    });
    while (!text.includes("\n")) await new Promise((resolve) => response.once("data", resolve));
    await api[Symbol.asyncDispose]();
    await ended;
    t.match(JSON.parse(text), { type: "ADDED", object: { metadata: { name: "web" } } });
  },
);
