import t from "tap";
import { consoleFixture, consolePath } from "../../testing/console-fixture.ts";
import { openConsole } from "./client-console.ts";

async function setUp() {
  const fixture = await consoleFixture();
  const url = new URL(consolePath, `https://127.0.0.1:${fixture.port}`);
  const token = fixture.api.headers.authorization.replace("Bearer ", "");
  const open = (given: string | undefined = token) =>
    openConsole({ url, token: given, tls: { ca: fixture.ca } });
  return { ...fixture, open, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

async function textOf(output: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const bytes of output) text += Buffer.from(bytes).toString();
  return text;
}

t.test("it carries what is typed and printed, and ends with the guest", async (t) => {
  await using fixture = await setUp();
  const console = await fixture.open();
  await console.write(Buffer.from("hi"));
  const text = textOf(console.read());
  while (fixture.domain.console === undefined) await new Promise((resolve) => setImmediate(resolve));
  await fixture.api.call("GET", "/version");
  fixture.domain.stopFromInside();
  t.match(await text, /^console of web\r\n(hi)?$/);
  await console.close();
});

t.test("what keeps us from it is thrown in the server's words", async (t) => {
  await using fixture = await setUp();
  t.match(await fixture.open("wrong").catch((error: unknown) => error), { reason: "Unauthorized" });
  const console = await fixture.open();
  const lost = textOf(console.read()).catch((error: unknown) => error);
  fixture.domain.console?.lose(new Error("cut"));
  t.match(await lost, { name: "StatusError", message: /console of domain "web" was lost/ });
});

t.test("a server that vanishes is not taken for a guest that ended", async (t) => {
  await using fixture = await setUp();
  const console = await fixture.open();
  const lost = textOf(console.read()).catch((error: unknown) => error);
  fixture.cut();
  t.match(await lost, { reason: "ServiceUnavailable", message: /connection to the server was lost/ });
});
