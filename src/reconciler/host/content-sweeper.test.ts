import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { ContentSweeper } from "./content-sweeper.ts";

const content = `image-${"a".repeat(40)}.qcow2`;

async function fixture() {
  const { clock, ensure, pool, host, stop } = await sessionFixture();
  pool.ensure({ volume: content, capacityBytes: 1 });
  const session = await ensure();
  if (session.link.state !== "connected") throw new Error("not connected");
  const { connection } = session.link;
  const permit = { mayAct: true };
  const sweeper = new ContentSweeper({ clock, mayAct: () => permit.mayAct });
  const { signal } = new AbortController();
  const sweep = (...unused: string[]) =>
    sweeper.sweep(session, connection, unused, { signal, logger: silentLogger });
  return { clock, session, pool, host, stop, sweeper, sweep, permit };
}

t.test("a content is removed when it was unused for a minute, at more than one look", async (t) => {
  const { clock, session, pool, stop, sweep } = await fixture();
  await sweep(content);
  await clock.advance(59_000);
  await sweep(content);
  t.ok(pool.has(content));
  await clock.advance(1_000);
  await sweep(content);
  t.notOk(pool.has(content));
  t.notOk(session.volumes.has(content));
  await stop();
});

t.test("the minute begins anew when it was used in between", async (t) => {
  const { clock, pool, stop, sweep } = await fixture();
  await sweep(content);
  await clock.advance(50_000);
  await sweep();
  await clock.advance(10_000);
  await sweep(content);
  await clock.advance(50_000);
  await sweep(content);
  t.ok(pool.has(content));
  await stop();
});

t.test("the minute begins anew when the host is forgotten", async (t) => {
  const { clock, pool, stop, sweeper, sweep } = await fixture();
  await sweep(content);
  await clock.advance(60_000);
  sweeper.forget("h1");
  await sweep(content);
  t.ok(pool.has(content));
  await stop();
});

t.test("what could not be removed is tried again", async (t) => {
  const { clock, pool, host, stop, sweep } = await fixture();
  await sweep(content);
  await clock.advance(60_000);
  host.faults.failNext("deleteVolume", new Error("busy"));
  await t.rejects(sweep(content), /busy/);
  t.ok(pool.has(content));
  await sweep(content);
  t.notOk(pool.has(content));
  await stop();
});

t.test("nothing is removed while nothing may be changed", async (t) => {
  const { clock, pool, host, stop, sweep, permit } = await fixture();
  await sweep(content);
  await clock.advance(60_000);
  permit.mayAct = false;
  await sweep(content);
  t.equal(host.calls.get("deleteVolume"), undefined);
  permit.mayAct = true;
  await sweep(content);
  t.notOk(pool.has(content));
  await stop();
});
