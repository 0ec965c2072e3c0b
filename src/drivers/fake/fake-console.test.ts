import t from "tap";
import { fails } from "../../testing/fails.ts";
import { fakeFixture } from "../../testing/fake-fixture.ts";

t.test("it greets, and says what it is told", async (t) => {
  const { link, mark, host, signal } = await fakeFixture();
  await link.startDomain(mark, signal);
  const console = await link.openConsole(mark, { force: false }, signal);
  const output = console.read()[Symbol.asyncIterator]();
  const said = async () => Buffer.from((await output.next()).value ?? []).toString();
  t.equal(await said(), `console of ${host.domain(mark.uid).domainName}\r\n`);
  await console.write(Buffer.from("hello"));
  t.equal(await said(), "hello");
});

t.test("who types faster than anybody reads waits, and what was typed is all read", async (t) => {
  const { link, mark, signal } = await fakeFixture();
  await link.startDomain(mark, signal);
  const console = await link.openConsole(mark, { force: false }, signal);
  const chunk = Buffer.alloc(1024, "x");
  let written = 0;
  const typing = (async () => {
    for (; written < 200; written += 1) await console.write(chunk);
    await link.destroyDomain(mark, signal);
  })();
  for (let turns = 0; turns < 1000; turns += 1) await null;
  t.ok(written >= 64 && written < 70, `${written} KiB were taken without a reader`);
  let bytes = 0;
  for await (const piece of console.read()) bytes += piece.length;
  await typing;
  t.ok(bytes > 200 * 1024, "with the greeting");
});

t.test("a host that loses power ends it, and who waits to type hears of it", async (t) => {
  const { link, mark, host, signal } = await fakeFixture();
  await link.startDomain(mark, signal);
  const console = await link.openConsole(mark, { force: false }, signal);
  await console.write(Buffer.alloc(100_000));
  const waiting = console.write(Buffer.from("x"));
  host.powerOff();
  await fails(t, waiting, "OutcomeUnknown");
});
