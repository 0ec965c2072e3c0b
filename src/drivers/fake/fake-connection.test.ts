import t from "tap";
import { fails } from "../../testing/fails.ts";
import { fakeFixture } from "../../testing/fake-fixture.ts";

t.test("an abort does not call a request back", async (t) => {
  const { clock, link, mark, host, uid } = await fakeFixture();
  host.faults.latencyMs = 100;
  const stop = new AbortController();
  const start = fails(t, link.startDomain(mark, stop.signal), "OutcomeUnknown");
  await clock.advance(50);
  stop.abort(new Error("given up"));
  await start;
  await clock.advance(50);
  t.equal(host.domain(uid).observed.state, "running");
});

t.test("a disk that is missing keeps a machine from starting", async (t) => {
  const { link, definition: plain, mark, signal } = await fakeFixture();
  const definition = {
    ...plain,
    disks: [{ name: "a", volume: "a.qcow2", bus: "virtio" as const }],
  };
  await link.defineDomain(definition, signal);
  await t.rejects(link.startDomain(mark, signal), /cannot access storage file "a.qcow2"/);
  await link.ensureVolume({ volume: "a.qcow2", capacityBytes: 2 ** 20 }, signal);
  await link.startDomain(mark, signal);
});

t.test("events can be lost without a trace", async (t) => {
  const { clock, link, host, uid } = await fakeFixture();
  const stop = new AbortController();
  const hints = Array.fromAsync(link.hints(stop.signal));
  await clock.settle();
  host.faults.dropHints = true;
  host.domain(uid).start();
  await clock.settle();
  stop.abort(new Error("enough"));
  t.strictSame(await hints, []);
});
