import t from "tap";
import { PoolActor } from "./pool-actor.ts";
import { World } from "./world.ts";

async function fixture(replicas: number, seed = 1) {
  const world = await World.start({ seed, hosts: [{ name: "h1" }] });
  const actor = new PoolActor(world);
  void actor.add("web", replicas);
  await world.time.runFor(5_000);
  return { world, actor };
}

t.test("whom a person deletes while the controller decides nobody can know of", async (t) => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { world, actor } = await fixture(4, seed);
    void actor.scale("web", 3);
    void actor.removeMember("web", 0);
    await world.time.runFor(20_000);
    t.equal(actor.members("web").length, 3);
    t.same(world.breaches, []);
    world.killAll();
  }
});

t.test(
  "who deletes a member that is asked for is in breach, and whoever deletes too many at once",
  async (t) => {
    const { world, actor } = await fixture(4);
    const [replica] = world.replicas;
    void actor.scale("web", 3);
    await world.time.runFor(5_000);
    void actor.scale("web", 4);
    await world.time.runFor(5_000);
    const { process } = replica ?? {};
    if (process === undefined) throw new Error("the controller runs");
    const [first = "", second = ""] = actor.members("web").map(({ metadata }) => metadata.name);
    world.storeParts.deleting(process, "VirtualMachine", first);
    t.same(world.breaches, [], "three were enough within the last minute");
    world.storeParts.deleting(process, "VirtualMachine", second);
    t.match(world.breaches, [{ id: "P2", what: `${second} is deleted, which leaves 2 of 3` }]);
    world.killAll();
  },
);
