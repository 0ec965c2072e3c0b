import t from "tap";
import { fails } from "../../testing/fails.ts";
import { fakeFixture } from "../../testing/fake-fixture.ts";

t.test("a guest obeys the power button after its time, or not at all", async (t) => {
  const { clock, link, mark, host, uid, signal, stateNow } = await fakeFixture();
  await link.startDomain(mark, signal);
  host.domain(uid).guest = { obeysShutdown: false, shutdownMs: 0 };
  await link.shutdownDomain(mark, signal);
  await clock.advance(60_000);
  t.equal(await stateNow(), "running");
  host.domain(uid).guest = { obeysShutdown: true, shutdownMs: 5000 };
  await link.shutdownDomain(mark, signal);
  await clock.advance(4999);
  t.equal(await stateNow(), "running");
  await clock.advance(1);
  t.match(await link.observeDomain(uid, signal), { state: "shutoff", reason: "shutdown" });
  t.equal(clock.pendingTimers, 0);
});

t.test("a domain that does not start, is busy or was stripped of its mark says so", async (t) => {
  const { link, mark, host, uid, signal } = await fakeFixture();
  const domain = host.domain(uid);
  domain.startFailure = "cannot set up guest memory";
  await t.rejects(link.startDomain(mark, signal), /cannot set up guest memory/);
  domain.startFailure = undefined;
  domain.busy = true;
  await fails(t, link.startDomain(mark, signal), "OperationInvalid");
  domain.busy = false;
  domain.remark(undefined);
  await fails(t, link.startDomain(mark, signal), "OwnershipConflict");
  t.equal((await link.observeDomain(uid, signal))?.definition, undefined);
});
