import t from "tap";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import { DomainCache, domainRef } from "./domain-cache.ts";
import { writeDomain } from "./domain-xml.ts";
import { lifecycleEvent } from "./rpc/event-layouts.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";

const lifecycle = (uid: string, event: number) =>
  ({ type: "lifecycle", domain: domainRef(uid), event, detail: 0 }) as const;

t.test("a definition is remembered until an event says that it changed", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, connect, define, virsh, signal }) => {
    const link = await connect();
    const definition = define({ cpus: 2 });
    const { uid } = definition.mark;
    await link.defineDomain(definition, signal);
    const cache = new DomainCache(await openLinks(), "/pool");
    const cpus = async () => (await cache.get(uid))?.definition?.cpus;
    t.equal(await cpus(), 2);
    await virsh("setvcpus", uid, "1", "--config");
    for (const event of [lifecycleEvent.started, lifecycleEvent.stopped, lifecycleEvent.suspended]) {
      cache.receive(lifecycle(uid, event));
      t.equal(await cpus(), 2, "states change, not definitions");
    }
    cache.receive(lifecycle(uid, lifecycleEvent.defined));
    t.equal(await cpus(), 0, "fewer than the maximum is no number of ours");
    await virsh("setvcpus", uid, "2", "--config");
    cache.receive({ type: "metadataChange", domain: domainRef(uid), metadataType: 2, uri: undefined });
    t.equal(await cpus(), 2);
    await virsh("setvcpus", uid, "1", "--config");
    cache.receive({ type: "lost" });
    t.equal(await cpus(), 0, "fewer than the maximum is no number of ours");
    await virsh("setvcpus", uid, "2", "--config");
    t.equal((await cache.getFresh(uid))?.definition?.cpus, 2);
  });
});

t.test("what we define is remembered whenever its event comes; the next event is another's", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, define, virsh }) => {
    const links = await openLinks();
    const cache = new DomainCache(links, "/pool");
    const definition = define({ cpus: 2 });
    const { uid } = definition.mark;
    const xml = writeDomain(definition, {
      architecture: "i686",
      poolPath: "/pool",
      libvirtVersion: 9_000_000,
    });
    await cache.define(definition, () => links.call(domainCalls.defineXml, { xml, flags: 0 }, {}));
    t.equal(cache.receive(lifecycle(uid, lifecycleEvent.defined)), true, "it says nothing new");
    t.equal((await cache.get(uid))?.definition, definition, "and nothing is asked for");
    await virsh("setvcpus", uid, "1", "--config");
    t.equal(cache.receive(lifecycle(uid, lifecycleEvent.defined)), false);
    t.equal((await cache.get(uid))?.definition?.cpus, 0, "fewer than the maximum is no number of ours");
    await t.rejects(
      cache.define(definition, () => Promise.reject(new Error("no answer"))),
      /no answer/,
    );
    t.equal((await cache.get(uid))?.definition?.cpus, 0, "what failed is not remembered");
  });
});

t.test("a look audits, and what has not changed stays the very same object", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, connect, define, virsh, signal }) => {
    const link = await connect();
    const definition = define({ cpus: 2 });
    const { uid } = definition.mark;
    await link.defineDomain(definition, signal);
    const cache = new DomainCache(await openLinks(), "/pool");
    const first = (await cache.look([uid])).get(uid);
    t.equal((await cache.look([uid])).get(uid), first);
    await virsh("setvcpus", uid, "1", "--config");
    t.equal((await cache.look([uid])).get(uid)?.definition?.cpus, 0);
    await virsh("undefine", uid);
    t.equal((await cache.look([uid])).size, 0, "a domain that is gone is no error");
    t.equal(await cache.get(uid), undefined);
  });
});

t.test("a domain whose description cannot be read blinds nobody for the others", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, connect, define, signal }) => {
    const link = await connect();
    const [sound, broken] = [define(), define()];
    await link.defineDomain(sound, signal);
    await link.defineDomain(broken, signal);
    const links = await openLinks();
    const call = links.call.bind(links);
    // A daemon that sends rubbish for one of them.
    const lying = Object.assign(Object.create(links), {
      call: async (...args: Parameters<typeof call>) => {
        const answer = await call(...args);
        return JSON.stringify(args[1]).includes(broken.mark.uid) ? { xml: "<!DOCTYPE x><x/>" } : answer;
      },
    });
    const cache = new DomainCache(lying, "/pool");
    const found = await cache.look([sound.mark.uid, broken.mark.uid]);
    t.match(found.get(sound.mark.uid), { mark: sound.mark });
    t.strictSame(found.get(broken.mark.uid), {
      uid: broken.mark.uid,
      domainName: broken.mark.uid,
      cpus: 0,
      memoryBytes: 0,
    });
  });
});
