import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import { clusterId, machine, resolved } from "../../testing/machine-fixture.ts";
import { machineStore } from "../../testing/machine-store.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { defineMachine, uidOf } from "../virtual-machine/desired.ts";
import { LateDefinitions } from "./late-definitions.ts";
import { Leftovers } from "./leftovers.ts";

const { signal } = new AbortController();

/** A host on which a machine is defined. */
async function fixture({ letGo = true, mayAct = true, runs = false } = {}) {
  const { vm } = await machineStore(machine());
  const { ensure, host, stop } = await sessionFixture();
  const session = await ensure();
  if (session.link.state !== "connected") throw new Error("not connected");
  const { connection } = session.link;
  const definition = defineMachine(resolved(vm), clusterId, "qemu");
  await connection.defineDomain(definition, signal);
  session.doubt(uidOf(vm));
  await session.domain(connection, uidOf(vm), signal);
  const leftovers = new Leftovers();
  if (letGo) leftovers.noteLetGo(uidOf(vm));
  const late = new LateDefinitions({ clusterId, leftovers, mayAct: () => mayAct });
  // The session has seen it shut off.
  if (runs) host.domain(uidOf(vm)).start();
  const remove = () => late.remove(session, connection, signal, silentLogger);
  return { remove, find: () => host.findDomain(uidOf(vm)), stop };
}

t.test("a definition that has come after its machine was let go is removed", async (t) => {
  const { remove, find, stop } = await fixture();
  await remove();
  t.equal(find(), undefined);
  await remove();
  await stop();
});

const others: Readonly<Record<string, Parameters<typeof fixture>[0]>> = {
  "one that this process has not let go": { letGo: false },
  "one that runs by now": { runs: true },
  "one on which nobody may act": { mayAct: false },
};

for (const [what, given] of Object.entries(others)) {
  t.test(`left alone is ${what}`, async (t) => {
    const { remove, find, stop } = await fixture(given);
    await remove();
    t.not(find(), undefined);
    await stop();
  });
}
