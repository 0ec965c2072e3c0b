import t from "tap";
import type { LeftBehind } from "../../schema/departure.ts";
import { clusterId, machine, resolved } from "../../testing/machine-fixture.ts";
import { hostObject, sessionFixture } from "../../testing/session-fixture.ts";
import { defineMachine, markOf, uidOf } from "./desired.ts";
import { noteLeftBehind, removeLeftBehind } from "./left-behind.ts";

const { signal } = new AbortController();
const disks = [{ name: "data", size: "1Gi" }];
const first = machine({ disks }, { placementEpoch: 1 });

/** A machine that is on h2 and has left its first copy, which runs, on h1. */
async function fixture() {
  const { ensure, sessions, host, clock, stop } = await sessionFixture();
  const session = await ensure();
  if (session.link.state !== "connected") throw new Error("not connected");
  const { connection, facts } = session.link;
  const definition = defineMachine(resolved(first), clusterId, "qemu");
  for (const { spec } of resolved(first).disks) await connection.ensureVolume(spec, signal);
  await connection.defineDomain(definition, signal);
  await connection.startDomain(definition.mark, signal);
  const [volume = ""] = definition.disks.map((disk) => disk.volume);
  session.noteVolume(volume, { name: volume, capacityBytes: 1 });
  session.doubt(uidOf(first));
  const left: LeftBehind = {
    hostName: "h1",
    hostUuid: facts.hostUuid,
    epoch: 1,
    since: "2026-01-01T00:00:00Z",
    volumes: [{ disk: "data", volume }],
  };
  const status = { hostName: "h2", placementEpoch: 2, disksEpoch: 2, leftBehind: [left] };
  const vm = machine({ disks }, status);
  const context = { sessions, clusterId, mayAct: () => true, hostNamed: () => hostObject("h1") };
  return { vm, status, context, session, connection, host, clock, volume, stop };
}

t.test("what was left is remembered until it is seen to be gone", async (t) => {
  const { vm, status, context, session, connection, volume, stop } = await fixture();
  t.equal(noteLeftBehind(context, vm, status), status, "in doubt");
  await session.domain(connection, uidOf(vm), signal);
  t.equal(noteLeftBehind(context, vm, status), status);
  t.equal(await removeLeftBehind(context, vm, signal), undefined);
  await session.domain(connection, uidOf(vm), signal);
  t.notOk(session.volumes.has(volume));
  t.same(noteLeftBehind(context, vm, status), { hostName: "h2", placementEpoch: 2, disksEpoch: 2 });
  await stop();
});

t.test("a machine that is deleted takes along what it has left elsewhere", async (t) => {
  const { vm, context, host, stop } = await fixture();
  t.equal(await removeLeftBehind(context, vm, signal), undefined);
  t.same([...host.domains], []);
  t.same(host.pool(clusterId).list(), []);
  t.equal(await removeLeftBehind(context, vm, signal), undefined, "also when nothing is there any more");
  await stop();
});

t.test("as long as that host cannot be asked, the machine waits; unless its Host is removed", async (t) => {
  const { vm, context, host, clock, stop } = await fixture();
  host.powerOff();
  await clock.advance(0);
  t.match(await removeLeftBehind(context, vm, signal), {
    reason: "HostUnreachable",
    message: /left on host "h1", which cannot be asked/,
  });
  t.equal(await removeLeftBehind({ ...context, hostNamed: () => undefined }, vm, signal), undefined);
  await stop();
});

t.test("a host whose Host was removed is asked under the name that it has by now", async (t) => {
  const { vm, context, host, stop } = await fixture();
  const renamed = { ...context, hostNamed: () => undefined };
  t.equal(await removeLeftBehind(renamed, vm, signal), undefined);
  t.same([...host.domains], []);
  t.same(host.pool(clusterId).list(), []);
  await stop();
});

t.test("another machine under the host's name is not asked", async (t) => {
  const { vm, status, context, stop } = await fixture();
  const [left] = status.leftBehind;
  const elsewhere = {
    ...vm,
    status: { ...status, leftBehind: [{ ...left, hostUuid: "other" }] },
  } as typeof vm;
  t.match(await removeLeftBehind(context, elsewhere, signal), { message: /cannot be asked/ });
  await stop();
});

t.test("a domain of somebody else that has its UUID there is left alone, and told of", async (t) => {
  const { vm, context, host, connection, volume, stop } = await fixture();
  const mark = markOf(vm, clusterId);
  await connection.destroyDomain(mark, signal);
  await connection.undefineDomain(mark, signal);
  const other = { uid: mark.uid, domainName: "theirs", memoryBytes: 2 ** 20, running: false };
  const domain = host.addDomain(other);
  t.match(await removeLeftBehind(context, vm, signal), {
    reason: "Conflict",
    message: /domain "theirs" on host "h1", where a copy of it is left, has its UUID/,
  });
  t.same([...host.domains], [domain]);
  t.ok(host.pool(clusterId).has(volume), "it may be using the disk");
  domain.undefine();
  t.equal(await removeLeftBehind(context, vm, signal), undefined);
  t.notOk(host.pool(clusterId).has(volume));
  await stop();
});

t.test("while nothing may be changed nothing is", async (t) => {
  const { vm, context, host, stop } = await fixture();
  await t.rejects(
    removeLeftBehind({ ...context, mayAct: () => false }, vm, signal),
    /nothing may be changed/,
  );
  t.equal([...host.domains].length, 1);
  await stop();
});
