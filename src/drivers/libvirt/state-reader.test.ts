import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { HostLinks } from "./host-links.ts";
import { connectCalls } from "./rpc/procedures-connect.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";
import { StateReader } from "./state-reader.ts";

const absent = "00000000-0000-4000-8000-000000000000";
const running = { state: "running", reason: "booted" };

/** Links that write down which procedures are called, and may hold some of them back for ever. */
function heard(links: HostLinks, holds: (procedure: string, args: unknown) => boolean = () => false) {
  const calls: string[] = [];
  const call: HostLinks["call"] = (procedure, args, options, lane) => {
    calls.push(procedure.name);
    if (holds(procedure.name, args)) return new Promise(() => undefined);
    return links.call(procedure, args, options, lane);
  };
  return { calls, call };
}

t.test("states that are wanted at once are read with one call, each as it is", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, connect, define, virsh, signal }) => {
    const link = await connect();
    const definitions = [define(), define(), define()];
    for (const definition of definitions) {
      await link.defineDomain(definition, signal);
      await link.startDomain(definition.mark, signal);
    }
    const [first = absent, second = absent, third = absent] = definitions.map(({ mark }) => mark.uid);
    await virsh("suspend", second);
    await virsh("destroy", third);
    const links = await openLinks();
    const { call, calls } = heard(links);
    const reader = new StateReader({ call, clock: links.clock });
    const wanted = [first, second, third, absent, first];
    t.strictSame(await Promise.all(wanted.map((uid) => reader.read(uid))), [
      running,
      { state: "paused", reason: "user" },
      { state: "shutoff", reason: "destroyed" },
      undefined,
      running,
    ]);
    t.strictSame(calls, [connectCalls.getAllDomainStats.name]);
    t.strictSame(await reader.read(first), running);
    t.equal(await reader.read(absent), undefined);
    t.strictSame(calls.slice(1), [domainCalls.getState.name, domainCalls.getState.name], "one alone");
  });
});

t.test("what is asked for while the daemon answers is asked of it later", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, connect, define, virsh, signal }) => {
    const link = await connect();
    const { mark } = define();
    await link.defineDomain(define({ mark }), signal);
    await link.startDomain(mark, signal);
    const links = await openLinks();
    const answered = Promise.withResolvers<void>();
    const call: HostLinks["call"] = async (procedure, args, options, lane) => {
      const answer = await links.call(procedure, args, options, lane);
      await answered.promise;
      return answer;
    };
    const reader = new StateReader({ call, clock: links.clock });
    const before = reader.read(mark.uid);
    await virsh("list"); // the question has been sent
    await virsh("suspend", mark.uid);
    const after = reader.read(mark.uid);
    answered.resolve();
    t.strictSame(await before, running);
    t.strictSame(await after, { state: "paused", reason: "user" });
  });
});

t.test("a domain that the daemon cannot tell of keeps nobody waiting but who asked for it", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, connect, define, signal }) => {
    const link = await connect();
    const [good, hung] = [define(), define()];
    for (const definition of [good, hung]) await link.defineDomain(definition, signal);
    const clock = new ManualClock();
    const links = await openLinks();
    const { call, calls } = heard(links, (_procedure, args) => JSON.stringify(args).includes(hung.mark.uid));
    const reader = new StateReader({ call, clock });
    const states = [reader.read(hung.mark.uid), reader.read(good.mark.uid)];
    await clock.advance(1000);
    t.match(await states[1], { state: "shutoff" });
    t.match(await reader.read(good.mark.uid), { state: "shutoff" });
    t.equal(calls[0], connectCalls.getAllDomainStats.name);
  });
});

t.test("a link that is lost is told to all who wait", async (t) => {
  const lost = new StatusError("HostUnreachable", "gone");
  const reader = new StateReader({ call: () => Promise.reject(lost), clock: new ManualClock() });
  const outcomes = await Promise.allSettled([reader.read("a"), reader.read("b")]);
  t.match(outcomes, [
    { status: "rejected", reason: lost },
    { status: "rejected", reason: lost },
  ]);
});
