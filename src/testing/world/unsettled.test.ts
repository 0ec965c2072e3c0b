import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { Actor } from "./actor.ts";
import { findUnsettled } from "./unsettled.ts";
import { World } from "./world.ts";

async function machineWithVolume() {
  const world = await World.start({ seed: 1, hosts: [{ name: "h1" }] });
  const actor = new Actor(world);
  void actor.addHost("h1");
  await world.time.runFor(1_000);
  void actor.addVolume("data", "64Mi");
  await world.time.runFor(1_000);
  void actor.addMachine("web", { disks: [{ name: "data", volume: "data" }] });
  await world.time.runFor(20_000);
  const complaints = () => {
    const found: string[] = [];
    findUnsettled(world, (id, what) => void found.push(`${id} ${what}`));
    return found;
  };
  return { world, host: world.host("h1").fake, complaints };
}

t.test("a machine that cannot start because the data of its Volume is gone is as it should be", async (t) => {
  const { world, host, complaints } = await machineWithVolume();
  const [domain] = host.domains;
  const [volume] = world.audit.volumes.values();
  t.same(complaints(), []);
  t.equal(domain?.observed.state, "running");
  host.pool(world.clusterId).delete(volume?.status?.volume ?? "");
  domain?.kill();
  await world.time.runFor(300_000);
  const [vm] = world.audit.machines.values();
  t.match(findCondition(vm?.status?.conditions, "Stalled"), { status: "True", reason: "VolumeMissing" });
  t.same(complaints(), []);
  world.killAll();
});
