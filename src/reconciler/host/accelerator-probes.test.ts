import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { silentLogger } from "../../runtime/logger.ts";
import { fakeFixture } from "../../testing/fake-fixture.ts";
import { AcceleratorProbes } from "./accelerator-probes.ts";

async function fixture() {
  const { clock, link, host, connect } = await fakeFixture();
  const called: number[] = [];
  const permit = { mayAct: true };
  const mayAct = () => permit.mayAct;
  const probes = new AcceleratorProbes({ clock, mayAct, enqueue: (_name, delayMs) => called.push(delayMs) });
  const begin = async (connection = link) => {
    probes.begin("h1", connection, "kvm", silentLogger);
    await clock.settle();
  };
  const count = () => host.calls.get("probeAccelerator") ?? 0;
  return { clock, link, host, connect, probes, begin, called, count, permit };
}

t.test("a guest that runs is an answer for the connection", async (t) => {
  const { probes, begin, link, connect, called, count } = await fixture();
  t.equal(probes.answer(link), undefined);
  await begin();
  t.equal(probes.answer(link), true);
  t.same(called, [0]);
  await begin();
  t.equal(count(), 1);
  t.equal(probes.answer(await connect()), undefined);
});

t.test("only one probe is out at a time", async (t) => {
  const { probes, begin, link, host, clock, count } = await fixture();
  host.faults.latencyMs = 100;
  await begin();
  await begin();
  t.equal(probes.answer(link), undefined);
  await clock.advance(200);
  t.equal(probes.answer(link), true);
  t.equal(count(), 1);
});

t.test("a probe that could not be made is no answer, and is made again later, not at once", async (t) => {
  const { probes, begin, link, host, clock, called, count } = await fixture();
  host.faults.failNext("probeAccelerator", new Error("no space left"));
  await begin();
  t.equal(probes.answer(link), undefined);
  t.same(called, [10_000]);
  await begin();
  t.equal(count(), 1);
  await clock.advance(10_000);
  await begin();
  t.equal(probes.answer(link), true);
});

t.test("a host that cannot do it at all is an answer", async (t) => {
  const { probes, begin, link, host } = await fixture();
  host.faults.failNext("probeAccelerator", new StatusError("Unsupported", "no kvm"));
  await begin();
  t.equal(probes.answer(link), false);
});

t.test("a probe ends with its connection, and calls nobody", async (t) => {
  const { probes, begin, link, host, clock, called } = await fixture();
  host.faults.latencyMs = 100;
  await begin();
  host.dropLinks("gone");
  await clock.settle();
  t.equal(probes.answer(link), undefined);
  t.same(called, []);
});

t.test("no guest is run while nothing may be changed", async (t) => {
  const { probes, begin, link, count, permit } = await fixture();
  permit.mayAct = false;
  await begin();
  t.equal(count(), 0);
  permit.mayAct = true;
  await begin();
  t.equal(probes.answer(link), true);
});
