import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { Actor } from "./actor.ts";
import { removeHost, restoreHosts } from "./inventory.ts";
import { confirmDown } from "./statements.ts";
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

/** A machine that was started on h2 because people took h1 for down, where it runs, and that is deleted. */
async function deletedTwin(isHostRemoved: boolean) {
  const world = await World.start({ seed: 1, hosts: [{ name: "h1" }, { name: "h2" }] });
  const actor = new Actor(world);
  void actor.addHost("h1");
  await world.time.runFor(1_000);
  void actor.addMachine("web");
  await world.time.runFor(20_000);
  void actor.addHost("h2");
  const [{ name = "" } = {}] = world.replicas;
  world.network.cut(name, "h1");
  world.network.cut("h1", name);
  await world.time.runFor(120_000);
  void confirmDown(world, "h1", { evenInMassOutage: true });
  await world.time.runFor(60_000);
  if (isHostRemoved) void removeHost(world, "h1");
  await world.time.runFor(10_000);
  void actor.removeMachine("web");
  await world.time.runFor(60_000);
  world.network.healAll();
  restoreHosts(world);
  await world.time.runFor(180_000);
  const complaints: string[] = [];
  findUnsettled(world, (id, what) => void complaints.push(`${id} ${what}`));
  const states = [...world.hosts.values()].map(({ fake }) =>
    [...fake.domains].map((domain) => domain.observed.state),
  );
  world.killAll();
  return { complaints, states, machines: world.audit.machines.size };
}

t.test("a copy on a host that was wrongly taken for down goes with its machine", async (t) => {
  t.same(await deletedTwin(false), { complaints: [], states: [[], []], machines: 0 });
});

t.test("one whose Host was removed runs on, and its Host says so when it is back", async (t) => {
  t.same(await deletedTwin(true), { complaints: [], states: [["running"], []], machines: 0 });
});
