import t from "tap";
import { domain, machine, uid } from "../../testing/machine-fixture.ts";
import { hostObject, sessionFixture } from "../../testing/session-fixture.ts";

const { definition } = domain(machine());
if (definition === undefined) throw new Error("no definition");
const ours = definition;
const { signal } = new AbortController();

t.test("each Host has one session, a new one when its URI changes", async (t) => {
  const { sessions, ensure, stop } = await sessionFixture();
  const first = await ensure();
  t.equal(await ensure(), first);
  t.equal(sessions.get("h1"), first);
  const moved = await sessions.ensure(hostObject("h1", { uri: "fake://h2" }));
  t.not(moved, first);
  t.equal(sessions.get("h1"), moved);
  await stop();
});

t.test("a session that is removed is ended", async (t) => {
  const { sessions, ensure, clock, stop } = await sessionFixture();
  await ensure();
  await sessions.remove("h1");
  t.equal(sessions.get("h1"), undefined);
  t.equal(clock.pendingTimers, 0);
  await sessions.remove("h1");
  await stop();
});

t.test("a process is found on any host but the one that is left out", async (t) => {
  const { sessions, ensure, hypervisor, clock, stop } = await sessionFixture();
  await ensure();
  await ensure("h2");
  const real = hypervisor.host("h2").addDomain(ours);
  await clock.advance(0);
  t.equal(await sessions.findActive(uid, "h1", signal), undefined, "it is off");
  real.start();
  await clock.advance(0);
  t.equal(await sessions.findActive(uid, "h1", signal), "h2");
  t.equal(await sessions.findActive(uid, "h2", signal), undefined);
  t.equal(await sessions.findActive("other", "h1", signal), undefined);
  await stop();
});

t.test("a host that cannot be asked about what it hinted at is no answer", async (t) => {
  const { sessions, ensure, hypervisor, clock, stop } = await sessionFixture();
  await ensure("h2");
  const { faults } = hypervisor.host("h2");
  hypervisor.host("h2").addDomain(ours).start();
  await clock.advance(0);
  faults.failNext("observeDomain", new Error("busy"));
  await t.rejects(sessions.findActive(uid, "h1", signal), /busy/);
  hypervisor.host("h2").dropLinks("gone");
  await clock.advance(0);
  t.equal(await sessions.findActive(uid, "h1", signal), undefined, "nothing is known of it now");
  await stop();
});
