import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { AccessTokenKind } from "../../schema/access-token.ts";
import { RoleBindingKind } from "../../schema/rbac.ts";
import { startAccess } from "../../testing/access-fixture.ts";
import { consoleFixture, Viewer } from "../../testing/console-fixture.ts";
import { hashToken } from "./authenticator.ts";

const access = await startAccess([], { listen: true });
t.teardown(() => access[Symbol.asyncDispose]());
const { store, app, directory } = access.api;
const ca = await readFile(join(directory, "ca.crt"));

async function openWatch(
  token: string,
): Promise<{ readonly code: number | undefined; readonly ended: Promise<unknown> }> {
  const address = app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const path = "/apis/ostler.dev/v1/namespaces/a/virtualmachines?watch=1";
  const headers = { authorization: `Bearer ${token}` };
  const sent = request({ host: "127.0.0.1", port, path, ca, agent: false, headers }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  response?.resume();
  const ended = new Promise((resolve) => response?.once("close", resolve));
  response?.on("error", () => {});
  return { code: response?.statusCode, ended };
}

async function makeToken(name: string, lifeMs?: number): Promise<string> {
  const token = `ostler_${name.padEnd(43, "x")}`;
  const expiresAt = lifeMs && `${new Date(systemClock.now() + lifeMs).toISOString().slice(0, 19)}Z`;
  await store.create(AccessTokenKind, {
    apiVersion: "ostler.dev/v1",
    kind: "AccessToken",
    metadata: { name },
    spec: { userName: "ann", groups: [], sha256: hashToken(token), ...(expiresAt && { expiresAt }) },
  });
  return token;
}

t.test("a watch ends when its token is taken back, and another one's goes on", async (t) => {
  await access.bind("ann", "view", "a");
  const [one, two] = [await makeToken("one"), await makeToken("two")];
  const first = await openWatch(one);
  const second = await openWatch(two);
  t.same([first.code, second.code], [200, 200]);
  let secondEnded = false;
  void second.ended.then(() => {
    secondEnded = true;
  });
  await store.delete(AccessTokenKind, { name: "one" });
  await first.ended;
  t.notOk(secondEnded);
  t.equal((await openWatch(one)).code, 401);
  const { items } = await store.list(RoleBindingKind);
  for (const { metadata } of items)
    await store.delete(RoleBindingKind, { namespace: "a", name: metadata.name });
  await second.ended;
  t.equal((await openWatch(two)).code, 403);
});

t.test("a console ends when its token is taken back", async (t) => {
  await using fixture = await consoleFixture();
  const token = `ostler_${"console".padEnd(43, "x")}`;
  await fixture.api.store.create(AccessTokenKind, {
    apiVersion: "ostler.dev/v1",
    kind: "AccessToken",
    metadata: { name: "console" },
    spec: { userName: "ann", groups: ["system:masters"], sha256: hashToken(token) },
  });
  const viewer = new Viewer(await fixture.dial({ headers: { authorization: `Bearer ${token}` } }));
  await viewer.sees("console of web");
  await fixture.api.store.delete(AccessTokenKind, { name: "console" });
  await viewer.over.catch(() => {});
  t.pass("it is over");
});
