import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import { openConsole } from "./console.ts";
import { domainRef } from "./domain-cache.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";

t.test("consoles take no places of other calls, and keep none when they are left", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, openLinks, virsh, signal }) => {
    const connection = await connect();
    const links = await openLinks();
    const definitions = [define(), define(), define(), define(), define(), define()];
    const consoles = [];
    for (const definition of definitions) {
      await connection.defineDomain(definition, signal);
      await connection.startDomain(definition.mark, signal);
      consoles.push(await openConsole(links, { uid: definition.mark.uid, force: false }, signal));
    }
    t.equal(links.health.inFlight, 0);
    const [first] = definitions;
    if (first === undefined) throw new Error("there are six");
    const before = systemClock.monotonic();
    await links.call(domainCalls.getInfo, { domain: domainRef(first.mark.uid) }, { signal });
    t.ok(systemClock.monotonic() - before < 5_000, "a call that may ask the guest is answered");
    for (const console of consoles) await console[Symbol.asyncDispose]();
    for (const { mark } of definitions) {
      const again = await openConsole(links, { uid: mark.uid, force: false }, signal);
      await again[Symbol.asyncDispose]();
    }
    for (const { domainName } of definitions) await virsh("destroy", domainName);
  });
});

t.test("who wants a console that virsh has is told, and may take it", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, openLinks, signal }) => {
    const connection = await connect();
    const definition = define();
    await connection.defineDomain(definition, signal);
    await connection.startDomain(definition.mark, signal);
    const somebody = await openLinks();
    const theirs = await openConsole(somebody, { uid: definition.mark.uid, force: false }, signal);
    const theirEnd = (async () => {
      for await (const _bytes of theirs.read());
    })();
    const refused = await connection
      .openConsole(definition.mark, { force: false }, signal)
      .catch((error: unknown) => error);
    t.match(refused, { reason: "Conflict", message: /in use on its host.*Active console session exists/ });
    await using _ours = await connection.openConsole(definition.mark, { force: true }, signal);
    await theirEnd;
    await connection.destroyDomain(definition.mark, signal);
  });
});
