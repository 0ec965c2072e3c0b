import t from "tap";

import { domain, machine, uid } from "../../testing/machine-fixture.ts";
import { hostObject, sessionFixture } from "../../testing/session-fixture.ts";
import { reachHost } from "./link.ts";

async function fixture() {
  const fixture = await sessionFixture();
  const reach = (hostUuid?: string, known = true) => {
    const context = { sessions: fixture.sessions, hostNamed: () => (known ? hostObject("h1") : undefined) };
    return reachHost(context, machine({}, hostUuid === undefined ? {} : { hostUuid }), "h1");
  };
  return { ...fixture, reach };
}

t.test("a host that answers is reached", async (t) => {
  const { reach, ensure, host, stop } = await fixture();
  t.match(reach(), { type: "connecting" });
  await ensure();
  const reached = reach(host.facts.hostUuid);
  t.match(reached, { type: "linked", link: { hostName: "h1" } });
  t.match(reach(), { type: "linked" }, "nothing is known of where it was");
  await stop();
});

t.test("a host that does not answer, and one that is no Host any more, are not", async (t) => {
  const { reach, ensure, host, clock, stop } = await fixture();
  await ensure();
  t.match(reach(undefined, false), { type: "unknown", message: /there is no Host "h1"/ });
  host.dropLinks("gone");
  await clock.advance(0);
  t.match(reach(), { type: "unknown", message: /cannot be asked/ });
  await stop();
});

t.test("another machine under the host's name is believed only with something of ours", async (t) => {
  const { reach, ensure, host, clock, stop, pool } = await fixture();
  await ensure();
  t.match(reach("other"), { type: "unknown", message: /it may run on the other/ });
  pool.ensure({ volume: `vm-${uid}-root.qcow2`, capacityBytes: 1 });
  await clock.advance(20_000);
  t.match(reach("other"), { type: "linked" });
  pool.delete(`vm-${uid}-root.qcow2`);
  await clock.advance(20_000);
  t.match(reach("other"), { type: "unknown" });
  const { definition } = domain(machine());
  if (definition !== undefined) host.addDomain(definition);
  await clock.advance(20_000);
  t.match(reach("other"), { type: "linked" });
  await stop();
});
