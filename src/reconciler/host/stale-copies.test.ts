import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { clusterId, domain, machine, resolved } from "../../testing/machine-fixture.ts";
import { machineStore } from "../../testing/machine-store.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { defineMachine, uidOf } from "../virtual-machine/desired.ts";
import { StaleCopies } from "./stale-copies.ts";

const { signal } = new AbortController();
const disks = [{ name: "data", size: "1Gi" }];

/** A machine with a domain of its first placement that runs on h1; `status` is what is written down. */
async function fixture(status: VirtualMachineStatus, { known = status, mayAct = true } = {}) {
  const { vm, store } = await machineStore(machine({ disks }, status));
  const { ensure, host, stop } = await sessionFixture();
  const session = await ensure();
  if (session.link.state !== "connected") throw new Error("not connected");
  const { connection } = session.link;
  const first = { ...vm, status: { placementEpoch: 1 } };
  const definition = defineMachine(resolved(first), clusterId, "qemu");
  for (const { spec } of resolved(first).disks) await connection.ensureVolume(spec, signal);
  await connection.defineDomain(definition, signal);
  await connection.startDomain(definition.mark, signal);
  session.doubt(uidOf(vm));
  await session.domain(connection, uidOf(vm), signal);
  const events: string[] = [];
  const copies = new StaleCopies({
    store,
    clusterId,
    machineOf: () => ({ ...vm, status: known }),
    mayAct: () => mayAct,
    record: (_, _type, reason, message) => events.push(`${reason}: ${message}`),
  });
  const stopThem = () => copies.stop(session, connection, signal, silentLogger);
  const state = () => host.findDomain(uidOf(vm))?.observed.state;
  return { copies, session, stopThem, state, events, host, stop, vm };
}

const moved: VirtualMachineStatus = { hostName: "h2", placementEpoch: 2 };

t.test("a copy of an earlier placement is stopped, and nothing of it is removed", async (t) => {
  const { copies, session, stopThem, state, events, host, stop } = await fixture(moved);
  t.equal(copies.among("h1", session.domains.values()).length, 1);
  await stopThem();
  t.equal(state(), "shutoff");
  t.equal(host.pool(clusterId).list().length, 1, "its disk is there");
  t.match(events, [
    /^OlderCopyStopped: .*host "h1", of placement 1.*host "h2".*its disks there are kept: vm-/,
  ]);
  await stopThem();
  t.equal(events.length, 1, "once");
  await stop();
});

t.test(
  "a copy of a machine that has left its next host too, and waits for another, is stopped",
  async (t) => {
    const { stopThem, state, events, stop } = await fixture({ placementEpoch: 2 });
    await stopThem();
    t.equal(state(), "shutoff");
    t.match(events, [/of placement 1, was stopped: it was placed elsewhere since; its disks there are kept/]);
    await stop();
  },
);

const others: Readonly<Record<string, Parameters<typeof fixture>>> = {
  "one that is placed here": [{ hostName: "h1", placementEpoch: 2 }],
  "one of the placement that is written down": [{ hostName: "h2", placementEpoch: 1 }],
  "one that was never placed elsewhere": [{ placementEpoch: 1 }],
  "one that only a view that is out of date says to be elsewhere": [
    { hostName: "h1", placementEpoch: 3 },
    { known: moved },
  ],
  "one on which nobody may act": [moved, { mayAct: false }],
};

for (const [what, given] of Object.entries(others)) {
  t.test(`left alone is ${what}`, async (t) => {
    const { stopThem, state, events, stop } = await fixture(...given);
    await stopThem();
    t.equal(state(), "running");
    t.same(events, []);
    await stop();
  });
}

t.test("one that somebody works on is left for later", async (t) => {
  const { session, stopThem, state, vm, stop } = await fixture(moved);
  for (let index = 0; index < 32; index++) session.places.enter(`${uidOf(vm)} ${index}`);
  await stopThem();
  t.equal(state(), "running");
  await stop();
});

t.test("foreign domains are none of ours, whatever their UUID", async (t) => {
  const { copies, stop } = await fixture(moved);
  const { mark: _mark, ...foreign } = domain(machine({}, { placementEpoch: 1 }));
  t.same(copies.among("h1", [foreign]), []);
  await stop();
});
