import t from "tap";
import { Actor } from "./actor.ts";
import { World } from "./world.ts";

t.test("room that a machine has given up is free, also when old news of it comes afterwards", async (t) => {
  const world = await World.start({ seed: 1, hosts: [{ name: "h1", cpus: 2 }] });
  const actor = new Actor(world);
  const status = (name: string) =>
    world.audit.machines.values().find(({ metadata }) => metadata.name === name)?.status;
  void actor.addHost("h1");
  void actor.addPriorityClass("high", 1_000);
  await world.time.runFor(1_000);
  void actor.addMachine("low", { cpus: 4 });
  await world.time.runFor(1_000);
  void actor.addMachine("kept", { cpus: 2, priorityClassName: "high" });
  void actor.addMachine("ends", { cpus: 2, priorityClassName: "high" });
  await world.time.runFor(1_000);
  void actor.addMachine("important", { cpus: 4, priorityClassName: "high" });
  await world.time.runFor(1);
  world.freezeViews();
  await world.time.runFor(20_000);
  t.match(status("important"), { printableStatus: "Running" });
  t.match(status("low"), { printableStatus: "ErrorUnschedulable" });
  world.thawViews();
  await world.time.runFor(1_000);
  void actor.removeMachine("ends");
  await world.time.runFor(1_000);
  void actor.addMachine("small", { cpus: 1 });
  await world.time.runFor(20_000);
  t.match(status("small"), { printableStatus: "Running" });
  t.same(world.breaches, []);
  world.killAll();
});
