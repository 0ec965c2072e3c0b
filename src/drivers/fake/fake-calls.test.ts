import t from "tap";
import { fails } from "../../testing/fails.ts";
import { fakeFixture } from "../../testing/fake-fixture.ts";

t.test("a link tells what is before the host, and when the host last answered", async (t) => {
  const { clock, link, host, uid, signal } = await fakeFixture();
  await clock.advance(1_000);
  await link.observeDomain(uid, signal);
  await clock.advance(500);
  t.strictSame(link.health, { heardAtMs: 1_500, inFlight: 0 }, "it answers pings");
  host.faults.hang();
  const silent = fails(t, link.observeDomain(uid, signal), "OutcomeUnknown");
  await clock.advance(30_000);
  await silent;
  t.strictSame(link.health, { heardAtMs: 1_000, inFlight: 1 }, "who gave up is still before the host");
  host.faults.unhang();
  await clock.advance(0);
  t.strictSame(link.health, { heardAtMs: 31_500, inFlight: 0 });
});
