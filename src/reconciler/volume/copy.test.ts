import t from "tap";
import type { HostConnection } from "../../drivers/driver.ts";
import { FakeDriver } from "../../drivers/fake/fake-driver.ts";
import { FakeHypervisor } from "../../drivers/fake/fake-hypervisor.ts";
import { systemRandom } from "../../runtime/random.ts";
import { interceptDriver } from "../../testing/intercept-driver.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { copyVolume } from "./copy.ts";

const { signal } = new AbortController();
const clusterId = "cluster";
const volume = "volume-1.qcow2";
const given = { volume, format: "qcow2", mayAct: () => true } as const;

async function twoHosts() {
  const hosts = [{ name: "h1" }, { name: "h2" }];
  const hypervisor = new FakeHypervisor({ clock: new ManualClock(), random: systemRandom, hosts });
  const driver = new FakeDriver(hypervisor);
  const connect = (name: string): Promise<HostConnection> =>
    driver.connect({ uri: `fake://${name}`, clusterId, signal });
  const [source, target] = [await connect("h1"), await connect("h2")];
  const pool = (name: string) => hypervisor.host(name).pool(clusterId);
  await source.ensureVolume({ volume, capacityBytes: 2 ** 30 }, signal);
  pool("h1").write(volume, systemRandom.bytes(3000));
  return { driver, hypervisor, source, target, from: pool("h1"), to: pool("h2") };
}

t.test("the target gets the same bytes, whatever it had under the name", async (t) => {
  const { source, target, from, to } = await twoHosts();
  to.ensure({ volume, capacityBytes: 1 });
  to.write(volume, new Uint8Array(7));
  await copyVolume({ source, target, ...given }, signal);
  t.ok(Buffer.from(from.read(volume)).equals(to.read(volume)));
  t.same(to.list(), [{ name: volume, capacityBytes: 2 ** 30 }]);
});

t.test("a copy that is not what was sent is none", async (t) => {
  const { driver, source, to } = await twoHosts();
  const forgetful = interceptDriver(driver, async ({ verb }, perform) => {
    const result = await perform();
    if (verb === "ensureContent") to.write(volume, new Uint8Array(1));
    return result;
  });
  const target = await forgetful.connect({ uri: "fake://h2", clusterId, signal });
  const copy = copyVolume({ source, target, ...given }, signal);
  await t.rejects(copy, /is not what was sent: .*the original stays where it is/);
});

t.test("nothing is removed from a target before the source can be read", async (t) => {
  const { source, target, from, to } = await twoHosts();
  to.ensure({ volume, capacityBytes: 1 });
  from.delete(volume);
  await t.rejects(copyVolume({ source, target, ...given }, signal), {
    message: /no whole volume/,
  });
  t.ok(to.has(volume));
});

t.test("who may not act any more changes nothing, however far the copy has come", async (t) => {
  const { source, target, to } = await twoHosts();
  to.ensure({ volume, capacityBytes: 1 });
  for (const asked of [0, 1]) {
    let left = asked;
    const mayAct = () => left-- > 0;
    await t.rejects(
      copyVolume({ source, target, ...given, mayAct }, signal),
      /nothing may be changed on hosts now/,
    );
    t.equal(to.has(volume), asked === 0);
  }
});
