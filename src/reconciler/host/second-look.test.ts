import t from "tap";
import { clusterId, machine, resolved } from "../../testing/machine-fixture.ts";
import { machineStore } from "../../testing/machine-store.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { defineMachine, uidOf } from "../virtual-machine/desired.ts";
import { placesPerHost } from "./places.ts";
import { lookAgain, type SecondLook } from "./second-look.ts";

const { signal } = new AbortController();

/** A host on which a machine is defined, as its session has seen, and what a second look at it gives. */
async function fixture() {
  const { vm, store } = await machineStore(machine({}, { placementEpoch: 2 }));
  const { ensure, host, stop } = await sessionFixture();
  const session = await ensure();
  if (session.link.state !== "connected") throw new Error("not connected");
  const { connection } = session.link;
  await connection.defineDomain(defineMachine(resolved(vm), clusterId, "qemu"), signal);
  session.doubt(uidOf(vm));
  await session.domain(connection, uidOf(vm), signal);
  const looks: SecondLook[] = [];
  const look = (isKnown = true) => {
    const machineOf = () => (isKnown ? { ...vm, status: { placementEpoch: 1 } } : undefined);
    const act = async (seen: SecondLook) => void looks.push(seen);
    const domains = [...session.domains.values()];
    return lookAgain(domains, { store, machineOf }, { session, connection, signal }, act);
  };
  return { look, looks, session, domain: host.domain(uidOf(vm)), uid: uidOf(vm), stop };
}

t.test("what is acted on is what is there and written down now, not what was last heard of", async (t) => {
  const { look, looks, session, domain, uid, stop } = await fixture();
  domain.start();
  await look();
  t.equal(looks[0]?.domain.state, "running");
  t.equal(looks[0]?.mark.uid, uid);
  t.equal(looks[0]?.vm?.status?.placementEpoch, 2);
  t.notOk(session.places.has(uid), "others may go on");
  await look(false);
  t.equal(looks[1]?.vm, undefined, "a machine that nobody knows");
  await stop();
});

t.test("what is gone by now, or finds no place, is left out", async (t) => {
  const { look, looks, session, domain, stop } = await fixture();
  const others = Array.from({ length: placesPerHost }, (_, index) => `other-${index}`);
  for (const other of others) session.places.enter(other);
  await look();
  t.strictSame(looks, []);
  for (const other of others) session.places.leave(other);
  domain.undefine();
  await look();
  t.strictSame(looks, []);
  await stop();
});
