import t from "tap";
import { fails } from "../../testing/fails.ts";
import { fakeDefinition, fakeFixture } from "../../testing/fake-fixture.ts";

const volume = { name: "data", volume: "volume-1.qcow2", format: "qcow2", target: "vdaa" } as const;

t.test("no second process on a host gets a volume that one has", async (t) => {
  const { link, signal } = await fakeFixture();
  const [one, two] = [fakeDefinition(1), fakeDefinition(2)];
  for (const definition of [one, two]) {
    await link.defineDomain(definition, signal);
    await link.startDomain(definition.mark, signal);
  }
  await fails(t, link.attachVolume(one.mark, volume, signal), "InternalError", "it is not there");
  await link.ensureVolume({ volume: volume.volume, capacityBytes: 1 }, signal);
  await link.attachVolume(one.mark, volume, signal);
  await fails(t, link.attachVolume(two.mark, volume, signal), "OperationInvalid");
  await link.destroyDomain(two.mark, signal);
  await link.defineDomain({ ...two, volumes: [volume] }, signal);
  await fails(t, link.startDomain(two.mark, signal), "OperationInvalid");
  await link.destroyDomain(one.mark, signal);
  await link.startDomain(two.mark, signal);
  t.same(await link.observeVolumes(two.mark.uid, signal), [volume]);
});

t.test("a guest may hold on to a volume; its next run begins without it", async (t) => {
  const { link, host, signal } = await fakeFixture();
  const { mark, ...rest } = fakeDefinition(3);
  await link.ensureVolume({ volume: volume.volume, capacityBytes: 1 }, signal);
  await link.defineDomain({ mark, ...rest }, signal);
  await link.startDomain(mark, signal);
  await link.attachVolume(mark, volume, signal);
  const domain = host.domain(mark.uid);
  domain.guest = { ...domain.guest, keepsVolumes: true };
  await link.detachVolume(mark, volume, signal);
  t.same(domain.volumes, [volume]);
  t.equal(domain.observed.definition?.volumes, undefined);
  await link.destroyDomain(mark, signal);
  await link.startDomain(mark, signal);
  t.same(domain.volumes, []);
});

t.test("what a guest has written is in what is read, and travels with its capacity", async (t) => {
  const { link, host, clusterId, signal } = await fakeFixture();
  await link.ensureVolume({ volume: "a.qcow2", capacityBytes: 100 }, signal);
  host.pool(clusterId).write("a.qcow2", new TextEncoder().encode("precious"));
  await link.ensureVolume({ volume: "a.qcow2", capacityBytes: 200 }, signal);
  const { sizeBytes, open } = await link.readVolume("a.qcow2", signal);
  const copy = { volume: "b.qcow2", format: "qcow2", sizeBytes, open: () => open(signal) } as const;
  await link.ensureContent(copy, signal);
  t.match(Buffer.from(host.pool(clusterId).read("b.qcow2")).toString(), /precious$/);
  t.match((await link.observe(signal)).volumes, [{ capacityBytes: 200 }, { capacityBytes: 200 }]);
});
