import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import { Actor } from "./actor.ts";
import { World } from "./world.ts";

/** Two hosts that have answered, one machine that is placed, and a controller that was just started anew. */
async function startedAnew() {
  const world = await World.start({ seed: 1, hosts: [{ name: "h1" }, { name: "h2" }] });
  const actor = new Actor(world);
  for (const { name } of world.hosts.values()) void actor.addHost(name);
  await world.time.runFor(1_000);
  void actor.addMachine("web");
  await world.time.runFor(5_000);
  for (const { status } of world.audit.hosts.values())
    if (findCondition(status?.conditions, "Unreachable")?.status !== "False")
      throw new Error("hosts have answered");
  const [vm] = world.audit.machines.values();
  const [replica] = world.replicas;
  world.killAll();
  // Nothing is heard of one of them from here on.
  world.host("h2").freeze();
  replica?.start();
  if (vm === undefined) throw new Error("there is a machine");
  return { world, looks: world.watch.firstLooks, vm };
}

function breachesOf({ breaches }: World): readonly string[] {
  return breaches.map(({ id, what }) => `${id} ${what}`);
}

const early = "S11 web is given h1 before the first look at h2";

t.test("a host that is given before all hosts were looked at is a breach, for a few seconds", async (t) => {
  const { world, looks, vm } = await startedAnew();
  await world.time.runFor(1_000);
  looks.placed(vm, false);
  t.same(breachesOf(world), [early]);
  await world.time.runFor(3_500);
  looks.placed(vm, false);
  t.equal(world.breaches.length, 1);
  world.killAll();
});

t.test("what was looked at before two hosts change their addresses stays looked at", async (t) => {
  const { world, looks, vm } = await startedAnew();
  await world.time.runFor(1_000);
  world.addresses.set("fake://h1", world.host("h2"));
  world.addresses.set("fake://h2", world.host("h1"));
  looks.placed(vm, false);
  t.same(breachesOf(world), [early]);
  world.killAll();
});

t.test("a machine that is started elsewhere waits until each host was looked at or given up", async (t) => {
  const { world, looks, vm } = await startedAnew();
  await world.time.runFor(20_000);
  looks.placed(vm, true);
  t.same(breachesOf(world), [early]);
  await world.time.runFor(15_000);
  looks.placed(vm, true);
  t.equal(world.breaches.length, 1, "no answer in half a minute");
  world.killAll();
});

t.test("what was sent by a controller that has died since is not held against the next one", async (t) => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const world = await World.start({ seed, hosts: [{ name: "h1" }] });
    const actor = new Actor(world);
    void actor.addHost("h1");
    await world.time.runFor(5_000);
    void actor.addMachine("web");
    await world.time.runFor(1.5);
    world.killAll();
    await world.time.runFor(1_000);
    for (const replica of world.replicas) replica.start();
    await world.time.runFor(20_000);
    t.same(breachesOf(world), []);
    world.killAll();
  }
});
