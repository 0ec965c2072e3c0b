import t from "tap";
import { Actor } from "./actor.ts";
import { World } from "./world.ts";

t.test("what nobody serves is refused, as a rejection, whoever asked", async (t) => {
  const world = await World.start({ seed: 1, hosts: [{ name: "h1" }] });
  world.killAll();
  const actor = new Actor(world);
  const asked = [actor.removeMachine("web"), actor.removeVolume("data"), actor.removeHost("h1")];
  for (const pending of asked) await t.rejects(pending, /nobody serves the API now/);
});
