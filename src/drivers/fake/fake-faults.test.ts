import t from "tap";
import { fails } from "../../testing/fails.ts";
import { fakeFixture } from "../../testing/fake-fixture.ts";

t.test("a planted failure happens once and changes nothing", async (t) => {
  const { link, mark, host, signal, stateNow } = await fakeFixture();
  host.faults.failNext("startDomain", new Error("no memory"));
  await t.rejects(link.startDomain(mark, signal), /no memory/);
  t.equal(await stateNow(), "shutoff");
  await link.startDomain(mark, signal);
  t.equal(await stateNow(), "running");
});

t.test("a lost answer leaves the outcome unknown and the work done", async (t) => {
  const { link, mark, host, uid, signal, stateNow } = await fakeFixture();
  host.faults.loseNextReply("startDomain");
  await fails(t, link.startDomain(mark, signal), "OutcomeUnknown");
  t.equal(await stateNow(), "running");
  t.equal(host.domain(uid).starts, 1);
});

t.test("a frozen daemon answers nothing within the deadline, and works off what it was asked", async (t) => {
  const { clock, connect, link, mark, host, uid, signal } = await fakeFixture();
  host.faults.hang();
  const start = fails(t, link.startDomain(mark, signal), "OutcomeUnknown");
  const attempt = connect();
  const refused = fails(t, attempt, "HostUnreachable");
  await clock.advance(30_000);
  await start;
  await refused;
  t.equal(host.domain(uid).observed.state, "shutoff");
  host.faults.unhang();
  await clock.settle();
  t.equal(host.domain(uid).observed.state, "running", "the request took effect after all");
});
