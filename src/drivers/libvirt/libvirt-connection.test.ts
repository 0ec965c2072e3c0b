import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { fails } from "../../testing/fails.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import type { Hint } from "../driver.ts";

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

// Of our own definition a hint comes only where libvirt tells of it before it answers: it is not waited for.
t.test("each reader of hints gets every change, also of a while in which it is not looking", async (t) => {
  await withLibvirt(t, "test", async ({ connect, define, signal }) => {
    const link = await connect();
    const stop = new AbortController();
    const [fast, slow] = [link.hints(stop.signal), link.hints(stop.signal)];
    const [one, two] = [define(), define()];
    const first = [fast, slow].map((hints) => hintOn(hints, one.mark.uid));
    for (const { mark, ...rest } of [one, two]) {
      await link.defineDomain({ mark, ...rest }, signal);
      await link.startDomain(mark, signal);
    }
    t.same(await Promise.all(first), [one.mark.uid, one.mark.uid]);
    t.equal(await hintOn(slow, two.mark.uid), two.mark.uid);
    t.equal(await hintOn(fast, two.mark.uid), two.mark.uid);
    const last = slow[Symbol.asyncIterator]().next();
    stop.abort(new Error("enough"));
    for (let next = await last; next.done !== true; ) next = await slow[Symbol.asyncIterator]().next();
  });
});

t.test("a start is told of, of anything else it is only said that it happened", async (t) => {
  await withLibvirt(t, "test", async ({ connect, define, signal }) => {
    const link = await connect();
    const stop = new AbortController();
    const hints = link.hints(stop.signal)[Symbol.asyncIterator]();
    const definition = define();
    const { uid } = definition.mark;
    const started = hints.next();
    await link.defineDomain(definition, signal);
    await link.startDomain(definition.mark, signal);
    const told = { state: "running", reason: "booted" };
    const { value: first } = await started;
    const isStart = first?.told !== undefined;
    if (!isStart) t.strictSame(first, { uid }, "that it was defined");
    t.strictSame(isStart ? first : (await hints.next()).value, { uid, told });
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

/** Reads on until there is a hint at the domain; leaves the reader open. */
async function hintOn(hints: AsyncIterable<Hint>, wanted: string): Promise<string | undefined> {
  const reader = hints[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await reader.next();
    if (done === true) return undefined;
    if (value.uid === wanted) return value.uid;
  }
}
