import t from "tap";
import { fakeDefinition } from "../../testing/fake-fixture.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { UsageMeter } from "./usage-meter.ts";

async function setUp() {
  const fixture = await sessionFixture();
  const meter = new UsageMeter(() => fixture.sessions.all, fixture.clock);
  const measure = async (advanceMs: number) => {
    const measured = meter.measure();
    await fixture.clock.advance(advanceMs);
    return measured;
  };
  return { ...fixture, meter, measure };
}

t.test("the first who asks waits a second; then what was counted before is where it begins", async (t) => {
  const { measure, ensure, host, clock, stop } = await setUp();
  await ensure();
  const definition = fakeDefinition(1);
  const { uid } = definition.mark;
  host.addDomain(definition).start();
  const used = { cpus: definition.cpus * 0.1, memoryBytes: definition.memoryBytes };
  const [first, ...more] = await measure(1_000);
  t.match(first, { hostName: "h1", windowMs: 1_000, host: used });
  t.same(first?.guests, new Map([[uid, used]]));
  t.same(more, []);
  await clock.advance(20_000);
  t.match(await measure(0), [{ windowMs: 20_000, host: used }]);
  await clock.advance(100_000);
  t.match(await measure(1_000), [{ windowMs: 1_000 }], "what is long past is no beginning");
  t.equal(host.calls.get("measure"), 5);
  await stop();
});

t.test("a guest that began meanwhile has no figures yet, and one that began anew neither", async (t) => {
  const { measure, ensure, host, clock, stop } = await setUp();
  await ensure();
  const [old, young] = [fakeDefinition(1), fakeDefinition(2)];
  const domain = host.addDomain(old);
  domain.start();
  await clock.advance(5_000);
  await measure(1_000);
  domain.destroy();
  domain.start();
  host.addDomain(young).start();
  await clock.advance(1_000);
  t.same((await measure(0))[0]?.guests, new Map());
  await clock.advance(1_000);
  t.same([...((await measure(0))[0]?.guests.keys() ?? [])], [old.mark.uid, young.mark.uid]);
  await stop();
});

t.test("a host that is away, hangs or cannot count is left out, and holds up nobody for long", async (t) => {
  const { measure, ensure, host, hypervisor, clock, stop } = await setUp();
  t.same(await measure(0), [], "nobody is connected");
  await ensure("h1");
  await ensure("h2");
  host.faults.hang();
  t.match(await measure(6_000), [{ hostName: "h2" }]);
  host.faults.unhang();
  hypervisor.host("h2").dropLinks("gone");
  await clock.advance(0);
  t.match(await measure(1_000), [{ hostName: "h1" }]);
  await stop();
});

t.test("those who ask at the same time share an answer", async (t) => {
  const { meter, ensure, host, clock, stop } = await setUp();
  await ensure();
  const answers = [meter.measure(), meter.measure(), meter.measure()];
  await clock.advance(1_000);
  const [first, ...more] = await Promise.all(answers);
  for (const other of more) t.equal(other, first);
  t.equal(host.calls.get("measure"), 2);
  await stop();
});
