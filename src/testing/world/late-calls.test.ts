import t from "tap";
import { Actor } from "./actor.ts";
import { World } from "./world.ts";

/** Seeds differ in how much later than the deletion the host gets round to what it was asked before. */
const seeds = [1, 2, 3, 4, 5, 6];

for (const seed of seeds) {
  t.test(
    `a definition that a slow host makes after the machine's deletion is removed (${seed})`,
    async (t) => {
      const world = await World.start({ seed, hosts: [{ name: "h1" }] });
      const host = world.host("h1");
      const actor = new Actor(world);
      void actor.addHost("h1");
      await world.time.runFor(20_000);
      host.slowMs = 40_000;
      void actor.addMachine("web");
      await world.time.runFor(31_000);
      host.slowMs = 0;
      await world.time.runFor(1_000);
      void actor.removeMachine("web");
      await world.time.runFor(150_000);
      t.same([...host.fake.domains], []);
      t.same(await actor.findMachine("web"), undefined);
      t.same(world.breaches, []);
      world.killAll();
    },
  );
}
