import t from "tap";
import { Actor } from "./actor.ts";
import { World } from "./world.ts";

t.test("room that a machine no longer asks for is free when that is written down, not before", async (t) => {
  const world = await World.start({ seed: 2, hosts: [{ name: "h1", cpus: 2 }] });
  const actor = new Actor(world);
  const status = (name: string) =>
    world.audit.machines.values().find(({ metadata }) => metadata.name === name)?.status;
  void actor.addHost("h1");
  await world.time.runFor(1_000);
  void actor.addMachine("web", { cpus: 6 });
  await world.time.runFor(20_000);
  void actor.editMachine("web", { runStrategy: "Halted" });
  await world.time.runFor(60_000);
  t.match(status("web"), { printableStatus: "Stopped", allocated: { cpus: 6 } });
  void actor.addMachine("other", { cpus: 4 });
  await world.time.runFor(20_000);
  t.match(status("other"), { printableStatus: "ErrorUnschedulable" });
  world.host("h1").slowMs = 20_000;
  void actor.editMachine("web", { cpus: 1, runStrategy: "Always" });
  await world.time.runFor(300_000);
  t.match(status("other"), { printableStatus: "Running" });
  t.same(world.breaches, []);
  world.killAll();
});
