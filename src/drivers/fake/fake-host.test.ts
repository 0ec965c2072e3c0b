import t from "tap";
import { fails } from "../../testing/fails.ts";
import { fakeFixture } from "../../testing/fake-fixture.ts";

t.test("power loss ends processes and transient domains, keeps definitions, and loses links", async (t) => {
  const { connect, link, mark, host, uid, signal } = await fakeFixture();
  await link.startDomain(mark, signal);
  const transient = host.addDomain({ uid: "t", domainName: "transient", running: true });
  transient.undefine();
  host.powerOff();
  t.match(await link.closed, { reason: "HostUnreachable" });
  await fails(t, link.observe(signal), "HostUnreachable");
  const attempt = connect();
  await fails(t, attempt, "HostUnreachable");
  host.powerOn();
  const again = await connect();
  const { domains } = await again.observe(signal);
  t.match(domains, [{ uid, state: "shutoff", reason: "unknown" }]);
  t.equal(domains.length, 1);
});

t.test("a cut cable is only known by silence, and a short cut is survived", async (t) => {
  const { clock, link, host, signal, stateNow } = await fakeFixture();
  let lost = false;
  void link.closed.then(() => {
    lost = true;
  });
  host.cut();
  await clock.advance(29_000);
  t.equal(lost, false);
  host.heal();
  await clock.advance(60_000);
  t.equal(await stateNow(), "shutoff");
  host.cut();
  const look = fails(t, link.observe(signal), "OutcomeUnknown");
  await clock.advance(30_000);
  await look;
  t.equal(lost, true);
});

t.test("a host that gets its power back starts what is marked for autostart, and nothing else", async (t) => {
  const { host, uid } = await fakeFixture();
  const marked = host.addDomain({ uid: "a", domainName: "marked" });
  marked.autostart = true;
  host.powerOff();
  host.powerOn();
  t.equal(marked.active, true);
  t.equal(host.domain(uid).active, false);
});

t.test("a witness is told of every change, also while events are lost and of a loss of power", async (t) => {
  const { host, link, mark, signal } = await fakeFixture();
  const seen: string[] = [];
  host.witness = ({ observed }) => seen.push(observed.state);
  host.faults.dropHints = true;
  await link.startDomain(mark, signal);
  host.powerOff();
  t.strictSame(seen, ["running", "shutoff"]);
});
