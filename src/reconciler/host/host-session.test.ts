import t from "tap";
import { domain, machine, uid } from "../../testing/machine-fixture.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import type { HostSession } from "./host-session.ts";

const { definition } = domain(machine());
if (definition === undefined) throw new Error("no definition");
const ours = definition;
const { signal } = new AbortController();

function connectionOf(session: HostSession) {
  if (session.link.state !== "connected") throw new Error(`it is ${session.link.state}`);
  return session.link.connection;
}

t.test("once connected it has seen everything, and calls all machines", async (t) => {
  const { host, pool, ensure, called, stop } = await sessionFixture();
  host.addDomain(ours);
  pool.ensure({ volume: "a.qcow2", capacityBytes: 1 });
  const session = await ensure();
  t.match(session.link, { state: "connected", facts: { hostname: "h1" } });
  t.same([...session.domains.keys()], [uid]);
  t.same([...session.volumes.keys()], ["a.qcow2"]);
  t.same(called, ["h1"]);
  await stop();
});

t.test("a hint puts the domain in doubt and calls its machine; the next read looks", async (t) => {
  const { host, clock, ensure, called, stop } = await sessionFixture();
  const real = host.addDomain(ours);
  const session = await ensure();
  real.start();
  await clock.advance(0);
  t.same(called, ["h1", uid]);
  t.ok(session.isDoubted(uid));
  t.same(session.doubted, [uid]);
  t.equal(session.domains.get(uid)?.state, "shutoff", "a hint tells nothing");
  t.equal((await session.domain(connectionOf(session), uid, signal))?.state, "running");
  t.notOk(session.isDoubted(uid));
  const looks = host.calls.get("observeDomain");
  await session.domain(connectionOf(session), uid, signal);
  t.equal(host.calls.get("observeDomain"), looks, "nothing is in doubt: no call");
  await stop();
});

t.test("a look that fails leaves the doubt", async (t) => {
  const { host, ensure, stop } = await sessionFixture();
  const session = await ensure();
  session.doubt(uid);
  host.faults.failNext("observeDomain", new Error("busy"));
  await t.rejects(session.domain(connectionOf(session), uid, signal), /busy/);
  t.ok(session.isDoubted(uid));
  await stop();
});

t.test("without hints everything is looked at again from time to time", async (t) => {
  const { host, clock, ensure, called, stop } = await sessionFixture();
  host.faults.dropHints = true;
  const session = await ensure();
  host.addDomain(ours);
  await clock.advance(16_500);
  t.same([...session.domains.keys()], [uid]);
  t.same(called, ["h1", "h1"]);
  await stop();
});

t.test("a link that is lost is told, and made anew with everything forgotten that was seen", async (t) => {
  const { host, clock, ensure, called, stop } = await sessionFixture();
  const real = host.addDomain(ours);
  const session = await ensure();
  host.dropLinks("libvirtd restarted");
  await clock.advance(0);
  t.match(session.link, {
    state: "unreachable",
    reason: "ConnectionLost",
    message: /libvirtd restarted/,
    lastSeenMs: clock.now(),
  });
  real.undefine();
  await clock.advance(1_000);
  t.equal(session.link.state, "connected");
  t.same([...session.domains.keys()], []);
  t.same(called, ["h1", "h1", "h1"]);
  await stop();
});

t.test("a look on a link that was lost says nothing about the next", async (t) => {
  const { host, clock, ensure, stop } = await sessionFixture();
  const real = host.addDomain(ours);
  const session = await ensure();
  const old = connectionOf(session);
  session.doubt(uid);
  host.faults.latencyMs = 10;
  const slow = session.domain(old, uid, signal);
  host.dropLinks("gone");
  await t.rejects(slow);
  real.undefine();
  host.faults.latencyMs = 0;
  await clock.advance(2_000);
  t.equal(session.domains.get(uid), undefined);
  await stop();
});

t.test("a volume that was just made or removed is known before the next look", async (t) => {
  const { ensure, stop } = await sessionFixture();
  const session = await ensure();
  session.noteVolume("a.qcow2", { name: "a.qcow2", capacityBytes: 7 });
  t.equal(session.volumes.get("a.qcow2")?.capacityBytes, 7);
  session.noteVolume("a.qcow2", undefined);
  t.notOk(session.volumes.has("a.qcow2"));
  await stop();
});

t.test("a namesake is another's domain with the name", async (t) => {
  const { host, ensure, stop } = await sessionFixture();
  host.addDomain(ours);
  const session = await ensure();
  t.equal(session.findNamesake(ours.domainName, uid), undefined);
  t.equal(session.findNamesake(ours.domainName, "other")?.uid, uid);
  t.equal(session.findNamesake("free", "other"), undefined);
  await stop();
});

t.test("a host that does not answer is unreachable with a reason", async (t) => {
  const { host, clock, ensure, stop } = await sessionFixture();
  host.faults.hang();
  const session = await ensure();
  t.equal(session.link.state, "connecting");
  await clock.advance(31_000);
  t.match(session.link, {
    state: "unreachable",
    reason: "DaemonHung",
    message: /did not answer within 30 s/,
    lastSeenMs: undefined,
  });
  host.faults.unhang();
  await clock.advance(40_000);
  t.equal(session.link.state, "connected");
  await stop();
});

t.test("a host that hangs in the middle is given up, and found again", async (t) => {
  const { host, clock, ensure, stop } = await sessionFixture();
  const session = await ensure();
  await clock.advance(60_000);
  host.faults.hang();
  const hungAtMs = clock.now();
  await clock.advance(50_000);
  t.match(session.link, { state: "unreachable", reason: "DaemonHung" });
  const seenMs = session.link.state === "unreachable" ? (session.link.lastSeenMs ?? 0) : 0;
  t.ok(seenMs <= hungAtMs && seenMs > hungAtMs - 20_000, "it was last seen before that");
  t.equal(Math.round(session.health.silentMs ?? 0), Math.round(clock.now() - seenMs));
  host.faults.unhang();
  await clock.advance(90_000);
  t.equal(session.link.state, "connected");
  await stop();
});

t.test("an ended session leaves no timer and no link behind", async (t) => {
  const { host, clock, ensure, stop, called } = await sessionFixture();
  await ensure();
  await stop();
  t.equal(clock.pendingTimers, 0);
  const before = called.length;
  host.addDomain(ours);
  await clock.advance(60_000);
  t.equal(called.length, before);
});

t.test("a hint at a machine that is worked on calls it only if nobody has looked since", async (t) => {
  const { host, clock, ensure, stop, called } = await sessionFixture();
  const session = await ensure();
  const connection = connectionOf(session);
  host.addDomain(ours);
  await clock.advance(0);
  const hintedAt = (): number => called.filter((name) => name === uid).length;
  const before = hintedAt();
  session.places.enter(uid);
  host.domain(uid).start();
  await clock.advance(0);
  await session.domain(connection, uid, signal);
  session.places.leave(uid);
  t.equal(hintedAt(), before, "the work itself has looked");
  session.places.enter(uid);
  host.domain(uid).kill();
  await clock.advance(0);
  session.places.leave(uid);
  t.equal(hintedAt(), before + 1, "nobody has looked");
  await stop();
});

t.test("who has a reason to hope does not wait for the next attempt", async (t) => {
  const { host, clock, ensure, stop } = await sessionFixture();
  host.powerOff();
  const session = await ensure();
  for (let round = 0; round < 20; round++) await clock.advance(30_000);
  t.match(session.link, { state: "unreachable", reason: "NetworkUnreachable" });
  host.powerOn();
  session.retryNow();
  await clock.advance(0);
  t.equal(session.link.state, "connected");
  await stop();
  t.equal(clock.pendingTimers, 0);
});

t.test("what a host is is asked again every ten minutes, on the same link", async (t) => {
  const { host, clock, ensure, stop } = await sessionFixture();
  const session = await ensure();
  const connection = connectionOf(session);
  t.equal(host.calls.get("describe"), 1);
  await clock.advance(3_600_000);
  const asked = host.calls.get("describe") ?? 0;
  t.ok(asked >= 6 && asked <= 7, `asked ${asked} times in an hour`);
  t.equal(connectionOf(session), connection);
  await stop();
});

t.test("a host that hangs is silent after eight seconds, though its link is lost much later", async (t) => {
  const { host, clock, ensure, silences, stop } = await sessionFixture();
  const session = await ensure();
  await clock.advance(60_000);
  t.ok(session.answers);
  t.strictSame(silences, []);
  host.faults.hang();
  await clock.advance(8_000);
  t.equal(session.link.state, "connected");
  t.notOk(session.answers);
  t.strictSame(silences, ["h1"]);
  host.faults.unhang();
  await clock.advance(1_000);
  t.ok(session.answers);
  t.strictSame(silences, ["h1", "h1"]);
  await stop();
  t.equal(clock.pendingTimers, 0);
});
