import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { systemRandom } from "../../runtime/random.ts";
import { driverContract } from "../../testing/driver-contract.ts";
import { FakeDriver } from "./fake-driver.ts";
import { FakeHypervisor } from "./fake-hypervisor.ts";

for (const latencyMs of [0, 1]) {
  await driverContract(t, `hosts in memory, ${latencyMs} ms away`, {
    supports: {
      uploads: true,
      growth: true,
      obedientGuests: true,
      processes: true,
      hotplug: true,
      releasingGuests: true,
      consoles: true,
      addresses: true,
    },
    factory: async () => {
      const hypervisor = new FakeHypervisor({
        clock: systemClock,
        random: systemRandom,
        hosts: [{ name: "host-1" }],
      });
      const host = hypervisor.host("host-1");
      host.faults.latencyMs = latencyMs;
      return {
        driver: new FakeDriver(hypervisor),
        uri: "fake://host-1",
        unreachableUri: "fake://nowhere",
        accelerator: "qemu",
        outside: {
          defineForeign: async (uid, domainName) => void host.addDomain({ uid, domainName, running: true }),
          fingerprint: async (uid) => JSON.stringify(host.domain(uid).observed),
          setCpus: async (uid, cpus) => host.domain(uid).edit({ cpus }),
          start: async (uid) => host.domain(uid).start(),
          pause: async (uid) => host.domain(uid).pause(),
          destroy: async (uid) => host.domain(uid).destroy(),
          undefine: async (uid) => host.domain(uid).undefine(),
          killProcess: async (uid) => host.domain(uid).kill(),
          readVolume: async (clusterId, volume) => host.pool(clusterId).read(volume),
          breakLinks: async () => host.dropLinks("the daemon restarts"),
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
  });
}
