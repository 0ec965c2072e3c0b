import { PoolActor } from "./pool-actor.ts";
import type { Scene } from "./scene.ts";
import type { WorkAct } from "./work-acts.ts";

/** What people want of pools. */
export const poolActs: Readonly<Record<string, WorkAct>> = {
  createPool: {
    weight: 2,
    act: ({ world, stream, newName }) => {
      const disks = stream.pick([[], [{ name: "root", image: "debian" }]]);
      const [name, replicas] = [newName("pool"), stream.below(5)];
      const minReadySeconds = stream.pick([0, 0, 20]);
      return new PoolActor(world).add(name, replicas, { machine: { disks }, minReadySeconds });
    },
  },
  scalePool: {
    weight: 3,
    act: (scene) => onPool(scene, (actor, name) => actor.scale(name, scene.stream.below(7))),
  },
  editPool: {
    weight: 1,
    act: (scene) => onPool(scene, (actor, name) => actor.resize(name, 1 + scene.stream.below(2))),
  },
  removePool: {
    weight: 1,
    act: (scene) =>
      onPool(scene, (actor, name) =>
        actor.remove(name, scene.stream.pick(["Background", "Foreground", "Orphan", undefined] as const)),
      ),
  },
  removeMember: {
    weight: 2,
    act: (scene) => onPool(scene, (actor, name) => actor.removeMember(name, scene.stream.below(3))),
  },
  relabelMember: {
    weight: 1,
    act: (scene) =>
      onPool(scene, async (actor, name) => {
        const members = actor.members(name);
        if (members.length > 0) await actor.label(scene.stream.pick(members).metadata.name, "none");
      }),
  },
  labelMachine: {
    weight: 1,
    act: (scene) =>
      onPool(scene, async (actor, name) => {
        const free = [...scene.world.audit.machines.values()].filter(
          ({ metadata }) => metadata.labels?.pool === "none" && metadata.deletionTimestamp === undefined,
        );
        if (free.length > 0) await actor.label(scene.stream.pick(free).metadata.name, name);
      }),
  },
};

async function onPool(
  { world, stream }: Scene,
  act: (actor: PoolActor, name: string) => Promise<unknown>,
): Promise<void> {
  const pools = [...world.pools.pools.values()];
  if (pools.length > 0) await act(new PoolActor(world), stream.pick(pools).pool.metadata.name);
}
