import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { fails } from "../../testing/fails.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";

t.test("a frozen daemon holds no caller longer than the caller wants", async (t) => {
  await withLibvirt(t, "test", async ({ host, connect, define, signal }) => {
    const link = await connect();
    const definition = define();
    const content = { volume: "a.raw", format: "raw", sizeBytes: 0, open: async function* () {} } as const;
    await link.defineDomain(definition, signal);
    await host.kill("SIGSTOP");
    const stop = new AbortController();
    const timer = systemClock.after(100, () => stop.abort(new Error("enough")));
    const before = systemClock.monotonic();
    const calls = {
      describe: link.describe(stop.signal),
      observe: link.observe(stop.signal),
      observeDomain: link.observeDomain(definition.mark.uid, stop.signal),
      define: link.defineDomain(definition, stop.signal),
      start: link.startDomain(definition.mark, stop.signal),
      destroy: link.destroyDomain(definition.mark, stop.signal),
      undefine: link.undefineDomain(definition.mark, stop.signal),
      probe: link.probeAccelerator("test", stop.signal),
      ensureVolume: link.ensureVolume({ volume: "a.qcow2", capacityBytes: 2 ** 20 }, stop.signal),
      ensureContent: link.ensureContent(content, stop.signal),
    };
    await Promise.all(
      Object.entries(calls).map(([verb, call]) => fails(t, call, /OutcomeUnknown|HostUnreachable/, verb)),
    );
    const tookMs = Math.round(systemClock.monotonic() - before);
    t.ok(tookMs < 10_000, `took ${tookMs} ms`);
    timer.cancel();
    await host.kill("SIGCONT");
  });
});

t.test("each reader of hints gets every change, once while it is not looking", async (t) => {
  await withLibvirt(t, "test", async ({ connect, define, signal }) => {
    const link = await connect();
    const stop = new AbortController();
    const [fast, slow] = [link.hints(stop.signal), link.hints(stop.signal)].map((hints) =>
      hints[Symbol.asyncIterator](),
    );
    const [one, two] = [define(), define()];
    const first = [fast?.next(), slow?.next()];
    await link.defineDomain(one, signal);
    for (const hint of first) t.match(await hint, { value: { uid: one.mark.uid } });
    await link.defineDomain(two, signal);
    await link.startDomain(two.mark, signal);
    await link.destroyDomain(two.mark, signal);
    t.match(await slow?.next(), { value: { uid: two.mark.uid } });
    const last = slow?.next();
    stop.abort(new Error("enough"));
    t.match(await last, { done: true }, "four events, one hint");
  });
});

t.test("a start is told of, of anything else it is only said that it happened", async (t) => {
  await withLibvirt(t, "test", async ({ connect, define, signal }) => {
    const link = await connect();
    const stop = new AbortController();
    const hints = link.hints(stop.signal)[Symbol.asyncIterator]();
    const definition = define();
    const { uid } = definition.mark;
    const defined = hints.next();
    await link.defineDomain(definition, signal);
    t.strictSame((await defined).value, { uid });
    const started = hints.next();
    await link.startDomain(definition.mark, signal);
    const told = { state: "running", reason: "booted" };
    t.strictSame((await started).value, { uid, told });
    t.match(await link.observeDomain(uid, signal), told, "as a look says it");
    const ended = hints.next();
    await link.destroyDomain(definition.mark, signal);
    t.strictSame((await ended).value, { uid });
    stop.abort();
  });
});

t.test("a cluster id that names no pool cannot connect", async (t) => {
  await withLibvirt(t, "test", async ({ connect }) => {
    await fails(t, connect("../../etc"), "HostUnreachable");
  });
});
