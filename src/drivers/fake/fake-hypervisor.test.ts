import t from "tap";
import { systemRandom } from "../../runtime/random.ts";
import { fails } from "../../testing/fails.ts";
import { fakeDefinition } from "../../testing/fake-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { FakeDriver } from "./fake-driver.ts";
import { FakeHypervisor } from "./fake-hypervisor.ts";

const { signal } = new AbortController();
const clusterId = "cluster";

t.test("an accelerator that is claimed may not work", async (t) => {
  const host = { name: "h", accelerators: ["kvm", "qemu"], workingAccelerators: ["qemu"] } as const;
  const hypervisor = new FakeHypervisor({ clock: new ManualClock(), random: systemRandom, hosts: [host] });
  const link = await new FakeDriver(hypervisor).connect({ uri: "fake://h", clusterId, signal });
  t.equal(await link.probeAccelerator("kvm", signal), false);
  t.equal(await link.probeAccelerator("qemu", signal), true);
});

t.test("unknown hosts are made only on demand; removed ones are gone", async (t) => {
  const ports = { clock: new ManualClock(), random: systemRandom };
  const strict = new FakeDriver(new FakeHypervisor(ports));
  await fails(t, strict.connect({ uri: "fake://new", clusterId, signal }), "HostUnreachable");
  const hypervisor = new FakeHypervisor({ ...ports, onDemand: true });
  const link = await new FakeDriver(hypervisor).connect({ uri: "fake://new", clusterId, signal });
  t.equal((await link.describe(signal)).hostname, "new");
  t.equal([...hypervisor.hosts].length, 1);
  hypervisor.removeHost("new");
  await fails(t, link.observe(signal), "HostUnreachable");
  t.throws(() => hypervisor.host("new"), /no fake host "new"/);
});

t.test("a thousand hosts with ten thousand machines are looked at in little time", async (t) => {
  const names = Array.from({ length: 1000 }, (_, index) => ({ name: `host-${index}` }));
  const hypervisor = new FakeHypervisor({ clock: new ManualClock(), random: systemRandom, hosts: names });
  const driver = new FakeDriver(hypervisor);
  const links = await Promise.all(
    names.map(({ name }) => driver.connect({ uri: `fake://${name}`, clusterId, signal })),
  );
  const definitions = Array.from({ length: 10_000 }, (_, index) => fakeDefinition(index));
  const begin = process.cpuUsage();
  await Promise.all(
    definitions.map(async (definition, index) => {
      const link = links[index % links.length];
      await link?.defineDomain(definition, signal);
      await link?.startDomain(definition.mark, signal);
    }),
  );
  const looks = await Promise.all(links.map((link) => link.observe(signal)));
  t.equal(looks.flatMap((look) => look.domains).filter(({ state }) => state === "running").length, 10_000);
  const usedMs = process.cpuUsage(begin).user / 1000;
  t.comment(`${Math.round(usedMs)} ms of CPU for 20,000 verbs and 1,000 looks`);
  t.ok(usedMs < 5000);
});
