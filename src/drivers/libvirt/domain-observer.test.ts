import t from "tap";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import { DomainCache } from "./domain-cache.ts";
import { observeDomain, observeDomains } from "./domain-observer.ts";
import { readState, StateReader } from "./state-reader.ts";

t.test("one look shows every domain with its state, and each agrees with a look at it alone", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, connect, define, virsh, signal }) => {
    const link = await connect();
    const states = ["shutoff", "running", "paused", "destroyed", "transient"];
    const definitions = states.map(() => define());
    for (const [index, definition] of definitions.entries()) {
      await link.defineDomain(definition, signal);
      if (states[index] !== "shutoff") await link.startDomain(definition.mark, signal);
      if (states[index] === "paused") await virsh("suspend", definition.mark.uid);
      if (states[index] === "destroyed") await virsh("destroy", definition.mark.uid);
      if (states[index] === "transient") await virsh("undefine", definition.mark.uid);
    }
    const links = await openLinks();
    const cache = new DomainCache(links, "/pool");
    const all = await observeDomains(links, cache, { signal });
    const look = (uid: string) => all.find((domain) => domain.uid === uid);
    const found = definitions.map(({ mark }) => look(mark.uid));
    t.match(found, [
      { state: "shutoff", reason: "unknown" },
      { state: "running", reason: "booted" },
      { state: "paused", reason: "user" },
      { state: "shutoff", reason: "destroyed" },
      { state: "running", reason: "booted" },
    ]);
    t.strictSame(
      found.map((domain) => domain?.definition !== undefined),
      [true, true, true, true, false],
      "a transient domain has no definition",
    );
    t.equal(all.length, definitions.length + 1, "and libvirt's own example");
    for (const domain of all) {
      t.strictSame(await observeDomain(new StateReader(links), cache, domain.uid), domain);
    }
  });
});

t.test("a domain that is not there is nothing to see", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, signal }) => {
    const links = await openLinks();
    const uid = "00000000-0000-4000-8000-000000000000";
    const cache = new DomainCache(links, "/pool");
    t.equal(await observeDomain(new StateReader(links), cache, uid), undefined);
    await t.rejects(readState(links, uid, { signal }), { code: 42 });
  });
});
