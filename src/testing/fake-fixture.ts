import type { DomainDefinition, HostConnection } from "../drivers/driver.ts";
import { FakeDriver } from "../drivers/fake/fake-driver.ts";
import { FakeHypervisor } from "../drivers/fake/fake-hypervisor.ts";
import { systemRandom } from "../runtime/random.ts";
import { ManualClock } from "./manual-clock.ts";

const clusterId = "cluster";

/** A small machine with this number in its name and UUID. */
export function fakeDefinition(index: number): DomainDefinition {
  const uid = `00000000-0000-0000-0000-${String(index).padStart(12, "0")}`;
  return {
    mark: { clusterId, namespace: "default", name: `vm-${index}`, uid, epoch: 1 },
    domainName: `vm-${index}`,
    accelerator: "kvm",
    cpus: 1,
    memoryBytes: 2 ** 30,
    disks: [],
    networks: [],
  };
}

/** One host in memory on a manual clock, a link to it, and one machine that is defined but does not run. */
export async function fakeFixture() {
  const { signal } = new AbortController();
  const clock = new ManualClock();
  const hypervisor = new FakeHypervisor({ clock, random: systemRandom, hosts: [{ name: "host-1" }] });
  const driver = new FakeDriver(hypervisor);
  const connect = (name = "host-1"): Promise<HostConnection> =>
    driver.connect({ uri: `fake://${name}`, clusterId, signal });
  const link = await connect();
  const definition = fakeDefinition(1);
  await link.defineDomain(definition, signal);
  const { mark } = definition;
  const stateNow = async () => (await link.observeDomain(mark.uid, signal))?.state;
  const host = hypervisor.host("host-1");
  return { clock, connect, link, definition, mark, host, uid: mark.uid, signal, clusterId, stateNow };
}
