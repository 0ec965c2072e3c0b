import { Actor } from "./actor.ts";
import type { World } from "./world.ts";

/** A volume on h1 that is to be carried to h2, where its machine runs: it has just been asked for. */
export async function carryVolume(world: World): Promise<void> {
  const actor = new Actor(world);
  void actor.addHost("h1");
  await world.time.runFor(1_000);
  void actor.addVolume("data", "64Mi");
  await world.time.runFor(20_000);
  await wantOnH2(world, actor);
}

/** The volume that is on h1 is to be carried to h2, where its machine runs: it has just been asked for. */
export async function wantOnH2(world: World, actor: Actor): Promise<void> {
  void actor.editHost("h1", { unschedulable: true });
  void actor.addHost("h2");
  await world.time.runFor(5_000);
  void actor.addMachine("web");
  await world.time.runFor(20_000);
  void actor.editMachine("web", { disks: [{ name: "data", volume: "data" }] });
}
