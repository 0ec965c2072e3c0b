import type { Actor } from "./actor.ts";
import type { ManifestsAuthor } from "./manifests-author.ts";
import { PoolActor } from "./pool-actor.ts";
import { specFields } from "./spec-walk.ts";
import type { World } from "./world.ts";

/** What a workload has at hand. */
export interface Hands {
  readonly world: World;
  readonly actor: Actor;
  readonly author: ManifestsAuthor;
}

/** What people and fate do, one thing after another. */
export type Workload = readonly ((hands: Hands) => unknown)[];

const disks = [
  { name: "root", image: "debian" },
  { name: "data", size: "1Gi" },
];

/** As many CPUs as a host of these worlds gives to one machine at most. */
const wholeHost = 16;

/** By name; together they make every change that a controller makes to hosts and to the store. */
export const workloads: Readonly<Record<string, Workload>> = {
  create: [({ actor }) => actor.addMachine("web", { disks })],
  "create and delete": [
    ({ actor }) => actor.addMachine("web", { disks }),
    ({ actor }) => actor.removeMachine("web"),
  ],
  "delete at once": [
    async ({ actor }) => {
      await actor.addMachine("web", { disks });
      await actor.removeMachine("web");
    },
  ],
  resize: [
    ({ actor }) => actor.addMachine("web", { disks }),
    ({ actor }) =>
      actor.editMachine("web", { cpus: 2, disks: [disks[0], { name: "data", size: "2Gi", bus: "virtio" }] }),
    ({ actor }) => actor.ask("web", "Restart"),
  ],
  "stop and start": [
    ({ actor }) => actor.addMachine("web", {}),
    ({ actor }) => actor.ask("web", "Stop"),
    ({ actor }) => actor.ask("web", "Nothing"),
  ],
  "stop by force": [
    ({ actor }) => actor.addMachine("web", { terminationGracePeriodSeconds: 3 }),
    async ({ actor }) => {
      const domain = actor.domainOf("web");
      if (domain !== undefined) domain.guest = { obeysShutdown: false, shutdownMs: 0 };
      await actor.ask("web", "Stop");
    },
  ],
  "run once": [({ actor }) => actor.addMachine("once-1", { runStrategy: "Once" })],
  "run once to the end": [
    ({ actor }) => actor.addMachine("once-1", { runStrategy: "Once" }),
    ({ actor }) => actor.domainOf("once-1")?.stopFromInside(),
  ],
  "guest crashes": [
    ({ actor }) => actor.addMachine("web", { disks }),
    ({ actor }) => actor.domainOf("web")?.kill(),
    ({ actor }) => actor.domainOf("web")?.kill(),
  ],
  "edits by hand": [
    ({ actor }) => actor.addMachine("web", {}),
    ({ actor }) => {
      const domain = actor.domainOf("web");
      if (domain?.observed.definition !== undefined) domain.edit({ cpus: 4 });
    },
    ({ actor }) => actor.domainOf("web")?.pause(),
    ({ actor }) => actor.domainOf("web")?.undefine(),
  ],
  "a pool grows, shrinks and goes": [
    ({ world }) => new PoolActor(world).add("web", 3),
    ({ world }) => new PoolActor(world).scale("web", 5),
    ({ world }) => new PoolActor(world).removeMember("web", 1),
    ({ world }) => new PoolActor(world).scale("web", 2),
    ({ world }) => new PoolActor(world).remove("web", "Foreground"),
  ],
  "a pool leaves its members to another": [
    ({ world }) => new PoolActor(world).add("web", 2),
    ({ world }) => new PoolActor(world).remove("web", "Orphan"),
    ({ world }) => new PoolActor(world).add("web", 3),
    ({ world }) => new PoolActor(world).remove("web", "Background"),
  ],
  "three at once": [
    ({ actor }) => Promise.all(["a", "b", "c"].map((name) => actor.addMachine(name, { disks }))),
    ({ actor }) => Promise.all(["a", "c"].map((name) => actor.removeMachine(name))),
  ],
  "from files": [
    ({ author }) => {
      for (const name of ["a", "b", "c", "d"]) author.write(`${name}.yaml`, name, 1);
    },
    ({ author }) => author.write("b.yaml", "b", 2),
    ({ author }) => author.remove("c.yaml"),
  ],
  "a host comes and goes": [
    ({ actor }) => actor.addMachine("web", {}),
    ({ world, actor }) => {
      world.addHost({ name: "h3" });
      return actor.addHost("h3");
    },
    ({ actor }) => actor.removeHost("h3"),
  ],
  "a host loses its power": [
    ({ actor }) => actor.addMachine("web", { disks }),
    ({ world }) => {
      for (const host of world.hosts.values()) host.powerOff();
      world.later(20_000, () => undefined);
    },
    ({ world }) => {
      for (const host of world.hosts.values()) host.powerOn();
    },
  ],
  "a volume is attached and taken away": [
    ({ actor }) => actor.addVolume("data", "64Mi"),
    ({ actor }) => actor.addMachine("web", {}),
    ({ actor }) => actor.editMachine("web", { disks: [{ name: "data", volume: "data" }] }),
    ({ actor }) => actor.editMachine("web", { disks: [] }),
    ({ actor }) => actor.removeVolume("data"),
  ],
  "a volume follows its machine": [
    ({ actor }) => actor.editHost("h2", { unschedulable: true }),
    ({ actor }) => actor.addVolume("data", "64Mi", "raw"),
    async ({ actor }) => {
      await actor.editHost("h2", { unschedulable: false });
      await actor.editHost("h1", { unschedulable: true });
    },
    ({ actor }) => actor.addMachine("web", {}),
    ({ actor }) => actor.editMachine("web", { disks: [{ name: "data", volume: "data" }] }),
  ],
  "one takes the place of another": [
    async ({ actor }) => {
      await actor.addPriorityClass("low", 1);
      await actor.addPriorityClass("high", 1_000);
    },
    async ({ actor }) => {
      for (const name of ["a", "b"])
        await actor.addMachine(name, { cpus: wholeHost, priorityClassName: "low" });
    },
    ({ actor }) => actor.addMachine("c", { cpus: wholeHost, priorityClassName: "high" }),
    ({ actor }) => actor.removeMachine("c"),
  ],
  "every field forth and back": [
    async ({ actor }) => {
      await actor.addPriorityClass("low", 1);
      await actor.addPriorityClass("high", 1_000);
      await actor.addMachine("web", { disks });
    },
    ...Object.entries(specFields).flatMap(([field, [first, ...values]]) =>
      [...values, first].map(
        (value): Workload[number] =>
          ({ actor }) =>
            actor.editMachine("web", { [field]: value }),
      ),
    ),
  ],
};
