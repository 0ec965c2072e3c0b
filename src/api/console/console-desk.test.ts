import { request } from "node:https";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { machinesPath } from "../../testing/api-fixture.ts";
import { consoleFixture, consolePath, Viewer } from "../../testing/console-fixture.ts";

for (const protocol of ["v5.channel.k8s.io", "v4.channel.k8s.io"]) {
  t.test(`what is typed reaches the guest and what it prints comes back, in ${protocol}`, async (t) => {
    await using fixture = await consoleFixture();
    const viewer = new Viewer(await fixture.dial({ protocol }));
    await viewer.sees("console of web");
    await viewer.type("uname -a\r");
    await viewer.sees("uname -a\r");
    fixture.domain.stopFromInside();
    t.match(await viewer.over, { kind: "Status", status: "Success" }, "it ends with its guest");
  });
}

t.test("a window's size, the end of typing and what is not understood are taken quietly", async (t) => {
  await using fixture = await consoleFixture();
  const viewer = new Viewer(await fixture.dial());
  const resize = Buffer.concat([Buffer.from([4]), Buffer.from('{"Width":80,"Height":24}')]);
  for (const message of [resize, [255, 0], [], [9, 1, 2], [3]]) await viewer.send(Buffer.from(message));
  await viewer.type("still here\r");
  await viewer.sees("still here");
  t.notMatch(viewer.text, /Width/);
});

t.test("one person is at a console; another is told who, and may take it by force", async (t) => {
  await using fixture = await consoleFixture();
  const first = new Viewer(await fixture.dial());
  await first.sees("console of web");
  const refused = await fixture.dial().catch((error: unknown) => error);
  t.match(refused, { reason: "Conflict", message: /"web" is in use by admin since .*by force/ });
  const second = new Viewer(await fixture.dial({ path: `${consolePath}?force=true` }));
  t.match(await first.over, { status: "Failure", reason: "Conflict", message: /admin took the console of/ });
  await second.type("mine\r");
  await second.sees("mine");
  await second.leave();
  const third = new Viewer(await fixture.dial());
  await third.sees("console of web");
});

t.test("the log tells who was at which console, when and how long", async (t) => {
  await using fixture = await consoleFixture();
  const viewer = new Viewer(await fixture.dial());
  await viewer.type("secret");
  await viewer.sees("secret");
  fixture.domain.destroy();
  await viewer.over;
  await fixture.api.app.close();
  const told = fixture.lines.filter(({ message }) => message.startsWith("console "));
  const who = { user: "admin", namespace: "default", machine: "web", uid: fixture.domain.uid };
  t.match(told, [
    { message: "console opened", fields: { ...who, auditId: /^[0-9a-f-]{36}$/, force: false } },
    {
      message: "console closed",
      fields: { ...who, why: "the guest ended", typedBytes: 6, printedBytes: 22 },
    },
  ]);
  t.notMatch(JSON.stringify(fixture.lines), /secret/, "and nothing of what was typed");
});

const elsewhere = "/apis/ostler.dev/v1/namespaces/other/virtualmachines";
const refusals = {
  "without a token": [{ headers: { authorization: "" } }, "Unauthorized"],
  "with a wrong token": [{ headers: { authorization: "Bearer wrong" } }, "Unauthorized"],
  "under a name that is not the server's": [{ headers: { host: "evil.example" } }, "Forbidden"],
  "from a page of another site": [{ headers: { origin: "https://evil.example" } }, "Forbidden"],
  "from a page without a site": [{ headers: { origin: "null" } }, "Forbidden"],
  "in another protocol": [{ protocol: "v1.channel.k8s.io" }, "BadRequest"],
  "of a machine in another namespace": [{ path: `${elsewhere}/web/console` }, "NotFound"],
  "of a machine that is not there": [{ path: `${machinesPath}/none/console` }, "NotFound"],
  "of a machine that does not run": [{ path: `${machinesPath}/off/console` }, "Conflict"],
  "of all machines at once": [{ path: `/apis/ostler.dev/v1/virtualmachines/web/console` }, "NotFound"],
  "of something without one": [{ path: "/apis/ostler.dev/v1/hosts/h1/console" }, "NotFound"],
  "of nothing at all": [{ path: "/nothing" }, "NotFound"],
} as const;

t.test("a console is not opened", async (t) => {
  await using fixture = await consoleFixture();
  for (const [title, [dial, reason]] of Object.entries(refusals)) {
    const outcome = await fixture.dial(dial).catch((error: unknown) => error);
    t.match(outcome, { name: "StatusError", reason }, title);
  }
  t.notOk(fixture.lines.some(({ message }) => message === "console opened"));
  const own = { origin: `https://127.0.0.1:${fixture.port}` };
  const viewer = new Viewer(await fixture.dial({ headers: own }));
  await viewer.sees("console of web");
});

const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role" };

t.test("who may look at machines, or at everything, may not type on their consoles", async (t) => {
  await using fixture = await consoleFixture();
  const cases = [
    ["nothing", undefined, /User "nothing" cannot get resource "virtualmachines\/console"/],
    ["machines", { resources: ["virtualmachines"], verbs: ["*"] }, /cannot get resource/],
    ["everything", { resources: ["*"], verbs: ["get", "list", "watch"] }, /cannot create resource/],
    ["another", { resourceNames: ["db"], verbs: ["get", "create"] }, /cannot get resource/],
    ["typing", { verbs: ["get", "create"] }, undefined],
  ] as const;
  for (const [name, rule, refusal] of cases) {
    if (rule !== undefined) {
      const whole = { apiGroups: ["ostler.dev"], resources: ["virtualmachines/console"], ...rule };
      const role = { metadata: { name }, rules: [whole] };
      t.equal((await fixture.api.call("POST", `${rbac}/roles`, { body: role })).code, 201);
      const subjects = [{ apiGroup: roleRef.apiGroup, kind: "User", name }];
      const binding = { metadata: { name }, roleRef: { ...roleRef, name }, subjects };
      t.equal((await fixture.api.call("POST", `${rbac}/rolebindings`, { body: binding })).code, 201);
    }
    const headers = { "impersonate-user": name };
    const outcome = await fixture.dial({ headers }).catch((error: unknown) => error);
    if (refusal !== undefined) t.match(outcome, { reason: "Forbidden", message: refusal }, name);
    else t.equal(outcome instanceof Error, false, name);
  }
});

t.test("who asks in another way is told which is right, after all else that is wrong", async (t) => {
  await using fixture = await consoleFixture();
  t.match((await fixture.api.call("GET", consolePath)).json, { code: 400, message: /Upgrade request/ });
  t.match((await fixture.api.call("PUT", consolePath, { body: {} })).json, { code: 405 });
  const spdy = { connection: "Upgrade", upgrade: "SPDY/3.1", "content-length": "0" };
  t.match(await post(fixture, consolePath, spdy), { code: 400, text: /WebSocket, not SPDY/ });
  const off = `${machinesPath}/off/console`;
  t.match(await post(fixture, off, spdy), { code: 409, text: /does not run/ });
  t.match(await post(fixture, consolePath, { ...spdy, authorization: "" }), { code: 401 });
});

t.test(
  "a request to change the protocol of what has none is answered, and the connection ends",
  async (t) => {
    await using fixture = await consoleFixture();
    const answer = await get(fixture, "/apis", { connection: "Upgrade", upgrade: "h2c" });
    t.match(answer, { code: 200, text: /APIGroupList/, connection: "close" });
  },
);

t.test("a server that closes tells viewers so, and does not wait for them", async (t) => {
  await using fixture = await consoleFixture();
  const viewer = new Viewer(await fixture.dial());
  await viewer.sees("console of web");
  const before = systemClock.monotonic();
  await fixture.api.app.close();
  t.match(await viewer.over, { status: "Failure", reason: "ServiceUnavailable" });
  t.ok(systemClock.monotonic() - before < 5_000);
});

type Fixture = Awaited<ReturnType<typeof consoleFixture>>;
type Headers = Readonly<Record<string, string>>;
interface Told {
  readonly code: number | undefined;
  readonly text: string;
  readonly connection: string | undefined;
}

const post = (fixture: Fixture, path: string, headers: Headers) => ask(fixture, "POST", path, headers);
const get = (fixture: Fixture, path: string, headers: Headers) => ask(fixture, "GET", path, headers);

function ask({ api, ca, port }: Fixture, method: string, path: string, headers: Headers): Promise<Told> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, method, ca, headers: { ...api.headers, ...headers } };
    const asked = request(options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () =>
        resolve({ code: answer.statusCode, text, connection: answer.headers.connection }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}
