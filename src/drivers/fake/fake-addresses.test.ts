import t from "tap";
import { systemRandom } from "../../runtime/random.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { fakeAddresses } from "./fake-addresses.ts";
import { FakeHypervisor } from "./fake-hypervisor.ts";

t.test("a guest has an address for each interface while it runs", async (t) => {
  const clock = new ManualClock();
  const host = new FakeHypervisor({ clock, random: systemRandom, hosts: [{ name: "h" }] }).host("h");
  const source = { type: "network", name: "default" } as const;
  const networks = ["52:54:00:01:02:ff", "52:54:00:00:00:01"].map((macAddress, index) => ({
    ...{ name: `n${index}`, source, macAddress },
    model: "virtio" as const,
  }));
  const uid = systemRandom.uuid();
  const mark = { clusterId: systemRandom.uuid(), namespace: "default", name: "a", uid, epoch: 1 };
  const size = { accelerator: "qemu", cpus: 1, memoryBytes: 2 ** 26, disks: [] } as const;
  const domain = host.addDomain({ mark, domainName: "a", networks, ...size });
  t.same(fakeAddresses(host.domains), new Map());
  domain.start();
  t.strictSame(Object.fromEntries(fakeAddresses(host.domains)), {
    "52:54:00:01:02:ff": ["10.1.2.255"],
    "52:54:00:00:00:01": ["10.0.0.1"],
  });
  domain.destroy();
  t.same(fakeAddresses(host.domains), new Map());
});
