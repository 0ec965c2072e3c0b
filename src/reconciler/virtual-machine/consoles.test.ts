import t from "tap";
import type { DomainDefinition } from "../../drivers/driver.ts";
import { fails } from "../../testing/fails.ts";
import { desired, machine, uid } from "../../testing/machine-fixture.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { MachineConsoles } from "./consoles.ts";

const { signal } = new AbortController();
const gentle = { force: false };
const placed = machine({}, { hostName: "h1", printableStatus: "Running" });

async function fixture() {
  const fixture = await sessionFixture();
  const consoles = new MachineConsoles(fixture.sessions, fixture.clusterId);
  return { ...fixture, consoles };
}

function definitionOf(): DomainDefinition {
  const found = desired(placed);
  if (found.type === "blocked") throw new Error(found.blockedBy.message);
  return found.definition;
}

t.test("the console of a machine is that of its domain on its host", async (t) => {
  const { consoles, host, ensure, clock, stop } = await fixture();
  const domain = host.addDomain(definitionOf());
  await ensure();
  await fails(t, consoles.open(placed, gentle, signal), /OperationInvalid/, "it does not run yet");
  domain.start();
  await clock.advance(0);
  await using console = await consoles.open(placed, gentle, signal);
  t.equal(domain.console, console);
  await fails(t, consoles.open(placed, gentle, signal), "Conflict");
  await stop();
});

t.test("a machine that is nowhere, and one whose host is out of reach, say so", async (t) => {
  const { consoles, host, ensure, clock, stop } = await fixture();
  const words = async (vm: typeof placed) =>
    consoles.open(vm, gentle, signal).catch(({ message }: Error) => message);
  t.match(await words(machine({})), /"web" does not run \(not placed yet\)/);
  t.match(await words(placed), /host "h1", which is not connected/);
  host.addDomain(definitionOf()).start();
  await ensure();
  host.dropLinks("gone");
  await clock.advance(0);
  await fails(t, consoles.open(placed, gentle, signal), "HostUnreachable");
  await stop();
});

t.test("a domain that is not ours is nobody's console", async (t) => {
  const { consoles, host, ensure, stop } = await fixture();
  host.addDomain({ uid, domainName: "theirs", running: true });
  await ensure();
  await fails(t, consoles.open(placed, { force: true }, signal), "OwnershipConflict");
  await stop();
});
