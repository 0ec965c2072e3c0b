import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import t from "tap";
import { machinesPath, smallMachine, startApi } from "../testing/api-fixture.ts";

const api = await startApi({ listen: true });
t.teardown(() => api[Symbol.asyncDispose]());
await api.call("POST", machinesPath, { body: smallMachine });

/** What nothing that one request says may cost: more would hold up everybody else. Far above the usual. */
const mostCpuMs = 600;

/** Asks, and holds the cost against the limit, in processor time: others may slow down the clock. */
async function ask(
  t: { ok(value: unknown, message: string): boolean },
  ...call: Parameters<typeof api.call>
) {
  const before = process.cpuUsage();
  const answer = await api.call(...call);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000;
  t.ok(cpuMs < mostCpuMs, `${cpuMs} ms`);
  return answer;
}

const kilobytes = (count: number, text: string): string => text.repeat((count * 1024) / text.length);
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const machineWith = (spec: string): string =>
  `{"apiVersion":"ostler.dev/v1","kind":"VirtualMachine","metadata":{"name":"x"},"spec":${spec}}`;

const json: readonly (readonly [what: string, body: string])[] = [
  ["10,000 levels of objects", nested(10_000)],
  ["10,000 levels in a machine", machineWith(nested(10_000))],
  ["10,000 levels of lists", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
  ["a megabyte of numbers", `[${kilobytes(1000, "1,")}1]`],
  ["a megabyte of empty lists", machineWith(`{"disks":[${kilobytes(900, "[],")}[]]}`)],
  ["many unknown fields", machineWith(`{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join()}}`)],
  ["many disks", machineWith(`{"disks":[${kilobytes(900, '{"name":"a"},')}{}]}`)],
  ["one long name", machineWith(`{"domainName":"${kilobytes(900, "a")}"}`)],
];

t.test("a body in JSON costs little, whatever it says", async (t) => {
  for (const [what, body] of json) {
    const { code, json } = await ask(t, "POST", machinesPath, { body });
    t.ok(code === 400 || code === 422, `${what}: ${code}`);
    t.match(json, { kind: "Status" });
  }
});

const yaml: readonly (readonly [what: string, body: string])[] = [
  ["10,000 levels", "[".repeat(10_000)],
  [
    "aliases of aliases",
    [
      "a: &a [x]",
      ...[..."bcdefghijk"].map((name, n) => `${name}: &${name} [${`*${"abcdefghij"[n]},`.repeat(9)}]`),
    ].join("\n"),
  ],
  ["a merge key", "<<: {metadata: {name: x}}"],
  ["a prototype", '"__proto__": {admin: true}'],
  ["a tag", "!!js/function a: b"],
  ["a flow list that is long", `a: [${kilobytes(250, "1,")}1]`],
  ["quoted pairs", Array.from({ length: 15_000 }, (_, n) => `"k${n}": "v"`).join("\n")],
  ["a list of 60,000", `a:\n${"- 1\n".repeat(60_000)}`],
  ["many documents", "---\na: 1\n".repeat(20_000)],
];

t.test("a body in YAML costs little, whatever it says", async (t) => {
  const headers = { "content-type": "application/yaml" };
  for (const [what, body] of yaml) {
    const { code, json } = await ask(t, "POST", machinesPath, { body, headers });
    t.equal(code, 400, what);
    t.match(json, { kind: "Status" });
  }
  const applied = { headers: { "content-type": "application/apply-patch+yaml" } };
  for (const [what, body] of yaml) {
    const path = `${machinesPath}/web?fieldManager=hostile`;
    t.equal((await ask(t, "PATCH", path, { ...applied, body })).code, 400, what);
  }
  const long = await ask(t, "POST", machinesPath, { body: `a: ${kilobytes(257, "a")}`, headers });
  t.match(long.json, { reason: "RequestEntityTooLarge" });
});

const patches: readonly (readonly [type: string, body: string])[] = [
  ["merge-patch", nested(10_000)],
  ["merge-patch", '{"metadata":{"__proto__":{"polluted":"yes"}}}'],
  ["merge-patch", '{"metadata":{"constructor":{"prototype":{"polluted":"yes"}}}}'],
  ["strategic-merge-patch", '{"metadata":{"__proto__":{"polluted":"yes"}}}'],
  ["json-patch", '[{"op":"add","path":"/metadata/__proto__/polluted","value":"yes"}]'],
  ["json-patch", '[{"op":"add","path":"/constructor/prototype/polluted","value":"yes"}]'],
  ["json-patch", '[{"op":"add","path":"/metadata/labels","value":{"__proto__":{"polluted":"yes"}}}]'],
  ["json-patch", '[{"op":"copy","from":"/__proto__","path":"/metadata/labels/polluted"}]'],
];

t.test("no body, patch or query reaches a prototype", async (t) => {
  const canary = (what: string): void => {
    t.equal(Reflect.get({}, "polluted"), undefined, what);
    t.equal(Reflect.get([], "polluted"), undefined, what);
  };
  for (const [type, body] of patches) {
    const headers = { "content-type": `application/${type}+json` };
    const { code } = await ask(t, "PATCH", `${machinesPath}/web`, { body, headers });
    t.ok(code >= 400 && code < 500, `${type} ${body.slice(0, 60)}: ${code}`);
    canary(body);
  }
  for (const query of ["__proto__[polluted]=yes", "constructor.prototype.polluted=yes", "__proto__=yes"]) {
    await ask(t, "GET", `${machinesPath}?${query}`);
    await ask(t, "GET", `${machinesPath}?labelSelector=${query}`);
    await ask(t, "GET", `${machinesPath}?fieldSelector=${query}`);
    canary(query);
  }
  await ask(t, "GET", "/apis/ostler.dev/v1/namespaces/__proto__/virtualmachines/constructor");
  await ask(t, "GET", "/apis/__proto__/v1/namespaces/default/toString");
  canary("paths");
});

t.test("selectors cost little, whatever they say", async (t) => {
  const selectors = [
    `labelSelector=${kilobytes(12, "a,")}`,
    `labelSelector=a in (${kilobytes(12, "b,")}`,
    `labelSelector=${kilobytes(12, "(")}`,
    `fieldSelector=${kilobytes(12, "metadata.name=a,")}`,
  ];
  for (const selector of selectors) {
    const { code } = await ask(t, "GET", `${machinesPath}?${encodeURI(selector)}`);
    t.ok(code < 500, `${selector.slice(0, 40)}: ${code}`);
  }
});

t.test("white space does not change what a content type is", async (t) => {
  const types = [
    "\tapplication/json",
    "application/json\t",
    " application/json ;charset=utf-8",
    "application/json;\t",
  ];
  for (const type of types) {
    const headers = { "content-type": type };
    const path = `${machinesPath}?dryRun=All`;
    const body = { ...smallMachine, spec: { ...smallMachine.spec, nonsense: 1 } };
    const { code } = await ask(t, "POST", path, { body, headers });
    t.equal(code, 400, `${JSON.stringify(type)}: the body is looked at as strictly`);
  }
  for (const type of [
    "application/json\tx",
    "application/ json",
    "application/jsonx",
    "application\t/json",
  ]) {
    const { code } = await ask(t, "POST", machinesPath, {
      body: smallMachine,
      headers: { "content-type": type },
    });
    t.equal(code, 415, JSON.stringify(type));
  }
});

/** What the server answers to so much text, of which it may refuse to take the rest. */
async function say(text: string): Promise<string> {
  const ca = await readFile(join(api.directory, "ca.crt"));
  const address = api.app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, ca }, () => socket.write(text));
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk) => {
      answer += chunk;
      socket.end();
    });
    socket.on("error", () => {}).once("close", () => resolve(answer));
  });
}

const head = (path: string, ...lines: readonly string[]): string =>
  [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    `Authorization: ${api.headers.authorization}`,
    ...lines,
    "",
    "",
  ].join("\r\n");

t.test(
  "a body of 10 MiB is refused by its head, and one that says nothing of its length when it is too long",
  async (t) => {
    const before = process.memoryUsage.rss();
    const told = await say(
      head(machinesPath, "Content-Type: application/json", `Content-Length: ${10 * 1024 * 1024}`),
    );
    t.match(told, /^HTTP\/1\.1 413 /);
    const chunk = `${(64 * 1024).toString(16)}\r\n${"x".repeat(64 * 1024)}\r\n`;
    const chunks = head(machinesPath, "Content-Type: application/json", "Transfer-Encoding: chunked");
    const chunked = await say(`${chunks}${chunk.repeat(160)}`);
    t.match(chunked, /^HTTP\/1\.1 413 /);
    t.ok(process.memoryUsage.rss() - before < 256 * 1024 * 1024);
  },
);

t.test("an address that is too long is refused", async (t) => {
  t.match(await say(head(`${machinesPath}?${"a".repeat(17 * 1024)}`)), /^HTTP\/1\.1 431 /);
  t.match(await say(head(`${machinesPath}/${"a".repeat(8 * 1024)}`)), /^HTTP\/1\.1 (404|405|414) /);
});
