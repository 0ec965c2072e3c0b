// Plays some seeds and says how many of their worlds are still in memory: none should be. Usage:
// node --expose-gc src/testing/world/forgotten.ts SEEDS
import { planOf } from "./plan.ts";
import { play } from "./play.ts";
import { World } from "./world.ts";

const seeds = Number(process.argv[2] ?? 5);
const worlds: WeakRef<World>[] = [];

const start = World.start.bind(World);
World.start = async (options) => {
  const world = await start(options);
  worlds.push(new WeakRef(world));
  return world;
};

for (let seed = 1; seed <= seeds; seed++) await play(planOf(seed, { hosts: 3, machines: 4 }));
const { gc } = globalThis;
if (gc === undefined) throw new Error("needs --expose-gc");
for (let round = 0; round < 5; round++) {
  gc();
  await new Promise((resolve) => setTimeout(resolve, 10));
}
console.log(`${worlds.filter((world) => world.deref() !== undefined).length} of ${worlds.length}`);
