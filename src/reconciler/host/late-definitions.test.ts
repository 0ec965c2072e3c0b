import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { clusterId, machine, resolved } from "../../testing/machine-fixture.ts";
import { machineStore } from "../../testing/machine-store.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { defineMachine, uidOf } from "../virtual-machine/desired.ts";
import { LateDefinitions } from "./late-definitions.ts";
import { Leftovers } from "./leftovers.ts";

const { signal } = new AbortController();

interface Given {
  readonly letGo?: boolean;
  readonly mayAct?: boolean;
  readonly runs?: boolean;
  readonly spec?: Record<string, unknown>;
  /** What is written down of the machine; absent: it is gone. */
  readonly status?: VirtualMachineStatus;
  /** What was last heard of it. */
  readonly known?: VirtualMachineStatus;
}

/** A host, h1, on which a machine is defined for its first placement. */
async function fixture({
  letGo = false,
  mayAct = true,
  runs = false,
  spec = {},
  status,
  known = status,
}: Given) {
  const { vm, store } = await machineStore(machine(spec, status));
  const { ensure, host, stop } = await sessionFixture();
  const session = await ensure();
  if (session.link.state !== "connected") throw new Error("not connected");
  const { connection } = session.link;
  const first = { ...vm, status: { placementEpoch: 1 } };
  const definition = defineMachine(resolved(first), clusterId, "qemu");
  for (const disk of resolved(first).disks) {
    await connection.ensureVolume(disk.spec, signal);
    session.noteVolume(disk.spec.volume, { name: disk.spec.volume, capacityBytes: disk.spec.capacityBytes });
  }
  await connection.defineDomain(definition, signal);
  session.doubt(uidOf(vm));
  await session.domain(connection, uidOf(vm), signal);
  const leftovers = new Leftovers();
  if (letGo) leftovers.noteLetGo(uidOf(vm));
  const machineOf = () => (known === undefined ? undefined : { ...vm, status: known });
  const late = new LateDefinitions({ store, clusterId, machineOf, leftovers, mayAct: () => mayAct });
  // The session has seen it shut off.
  if (runs) host.domain(uidOf(vm)).start();
  const remove = () => late.remove(session, connection, signal, silentLogger);
  return { remove, find: () => host.findDomain(uidOf(vm)), stop, here: host.facts.hostUuid };
}

const elsewhere = "00000000-0000-4000-8000-00000000beef";
const moved: VirtualMachineStatus = { hostName: "h2", hostUuid: elsewhere, placementEpoch: 2 };
const left = { hostName: "h1", epoch: 1, since: "2026-01-01T00:00:00Z", volumes: [] };

t.test("a definition that has come after its machine was let go is removed", async (t) => {
  const { remove, find, stop } = await fixture({ letGo: true });
  await remove();
  t.equal(find(), undefined);
  await remove();
  await stop();
});

t.test("so is one that has come after its machine had gone on to another host", async (t) => {
  const { remove, find, stop } = await fixture({ status: moved });
  await remove();
  t.equal(find(), undefined);
  await stop();
});

const others: Readonly<Record<string, Given>> = {
  "one that this process has not let go": {},
  "one that runs by now": { letGo: true, runs: true },
  "one of a machine elsewhere that runs by now": { status: moved, runs: true },
  "one on which nobody may act": { letGo: true, mayAct: false },
  "that of a machine that is placed here": { status: { ...moved, hostName: "h1" } },
  "that of a machine that has not been seen where it is placed": {
    status: { hostName: "h2", placementEpoch: 2 },
  },
  "that of a machine that is placed nowhere": { status: { placementEpoch: 2, hostUuid: elsewhere } },
  "that of the present placement": { status: { ...moved, placementEpoch: 1 } },
  "one of a machine that has a disk here": {
    status: moved,
    spec: { disks: [{ name: "data", size: "1Gi" }] },
  },
  "what a machine is known to have left here": { status: { ...moved, leftBehind: [left] } },
  "what it has left here when this host had another name": {
    status: { ...moved, leftBehind: [{ ...left, hostName: "h9", hostUuid: "HERE" }] },
  },
  "that of a machine that has come back meanwhile": { status: { ...moved, hostName: "h1" }, known: moved },
  "that of a machine on a Host that is this one under another name": {
    status: { ...moved, hostUuid: "HERE" },
  },
};

for (const [what, given] of Object.entries(others)) {
  t.test(`left alone is ${what}`, async (t) => {
    const { here, stop: end } = await fixture({});
    await end();
    const { remove, find, stop } = await fixture(JSON.parse(JSON.stringify(given).replaceAll("HERE", here)));
    await remove();
    t.not(find(), undefined);
    await stop();
  });
}
