import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { poolActs } from "./pool-acts.ts";
import type { Scene } from "./scene.ts";
import { randomEdit } from "./spec-walk.ts";

export interface WorkAct {
  /** How often it happens. */
  readonly weight: number;
  act(scene: Scene): Promise<void> | void;
}

const strategies = ["Always", "Always", "RerunOnFailure", "Once", "Manual", "Halted"] as const;

/** What people want of the controller. */
export const workActs: Readonly<Record<string, WorkAct>> = {
  ...poolActs,
  create: { weight: 6, act: (scene) => create(scene) },
  createOnce: {
    weight: 2,
    act: (scene) => scene.actor.addMachine(scene.newName("once"), { runStrategy: "Once" }),
  },
  remove: { weight: 3, act: (scene) => onMachine(scene, (name) => scene.actor.removeMachine(name)) },
  resize: {
    weight: 2,
    act: (scene) =>
      onMachine(scene, (name) => scene.actor.editMachine(name, { cpus: scene.stream.below(4) + 1 })),
  },
  growDisk: {
    weight: 1,
    act: (scene) =>
      onMachine(scene, (name, vm) => {
        const disks = vm.spec.disks.map((disk) =>
          disk.image === undefined ? { ...disk, size: "2Gi" } : disk,
        );
        return scene.actor.editMachine(name, { disks });
      }),
  },
  createVolume: {
    weight: 2,
    act: ({ actor, newName, stream }) =>
      actor.addVolume(newName("volume"), "4Mi", stream.pick(["qcow2", "raw"])),
  },
  attachVolume: {
    weight: 3,
    act: (scene) =>
      onMachine(scene, async (name, vm) => {
        const volumes = [...scene.world.audit.volumes.values()];
        if (volumes.length === 0) return;
        const volume = scene.stream.pick(volumes).metadata.name;
        const disk = { name: scene.newName("disk"), volume };
        await scene.actor.editMachine(name, { disks: [...vm.spec.disks, disk] });
      }),
  },
  detachVolume: {
    weight: 2,
    act: ({ world, actor, stream }) => {
      const users = [...world.audit.machines.values()].filter(({ spec }) =>
        spec.disks.some(({ volume }) => volume),
      );
      if (users.length === 0) return;
      const { metadata, spec } = stream.pick(users);
      return actor.editMachine(metadata.name, {
        disks: spec.disks.filter(({ volume }) => volume === undefined),
      });
    },
  },
  growVolume: {
    weight: 1,
    act: async ({ world, actor, stream }) => {
      const volumes = [...world.audit.volumes.values()];
      if (volumes.length > 0) await actor.growVolume(stream.pick(volumes).metadata.name, "8Mi");
    },
  },
  removeVolume: {
    weight: 1,
    act: async ({ world, actor, stream }) => {
      const volumes = [...world.audit.volumes.values()];
      if (volumes.length > 0) await actor.removeVolume(stream.pick(volumes).metadata.name);
    },
  },
  walk: {
    weight: 3,
    act: (scene) => onMachine(scene, (name) => scene.actor.editMachine(name, randomEdit(scene.stream))),
  },
  important: {
    weight: 2,
    act: ({ actor, newName, stream }) =>
      actor.addMachine(newName("important"), { cpus: 1 + stream.below(4), priorityClassName: "high" }),
  },
  strategy: {
    weight: 2,
    act: (scene) =>
      onMachine(scene, (name) =>
        scene.actor.editMachine(name, { runStrategy: scene.stream.pick(strategies) }),
      ),
  },
  ask: {
    weight: 3,
    act: (scene) =>
      onMachine(scene, (name) =>
        scene.actor.ask(name, scene.stream.pick(["Start", "Stop", "Restart", "Nothing"] as const)),
      ),
  },
  guestShutdown: { weight: 2, act: ({ onDomain }) => onDomain((domain) => domain.stopFromInside()) },
  guestCrash: { weight: 2, act: ({ onDomain }) => onDomain((domain) => domain.kill()) },
  guestTemper: {
    weight: 1,
    act: ({ onDomain, stream }) =>
      onDomain((domain) => {
        domain.guest = { obeysShutdown: stream.chance(0.5), shutdownMs: stream.below(3) * 4_000 };
      }),
  },
  cordon: {
    weight: 1,
    act: ({ actor, stream, hostName }) => actor.editHost(hostName(), { unschedulable: stream.chance(0.5) }),
  },
  writeManifest: {
    weight: 3,
    act: ({ author, stream, newName }) => {
      const name = newName("file");
      author.write(`${name}.yaml`, name, 1 + stream.below(2));
    },
  },
  editManifest: {
    weight: 2,
    act: ({ author, stream }) => {
      const path = author.paths[stream.below(author.paths.length)];
      if (path !== undefined)
        author.write(path, path.replace(/^.*\//, "").replace(/\.yaml$/, ""), 1 + stream.below(4));
    },
  },
  removeManifest: {
    weight: 1,
    act: ({ author, stream }) => {
      const path = author.paths[stream.below(author.paths.length)];
      if (path !== undefined) author.remove(path);
    },
  },
};

async function create({ actor, stream, newName }: Scene): Promise<void> {
  const blank = { name: "data", size: "1Gi" };
  const disks = stream.pick([
    [],
    [blank],
    [{ name: "root", image: "debian" }],
    [{ name: "root", image: "debian" }, blank],
  ]);
  const terminationGracePeriodSeconds = stream.below(15);
  const size = stream.chance(0.2) ? { instanceType: "small" } : {};
  const spec = { runStrategy: stream.pick(strategies), disks, terminationGracePeriodSeconds, ...size };
  await actor.addMachine(newName("vm"), spec);
}

/** Those that are to run once are left to it. */
async function onMachine(
  { world, stream }: Scene,
  act: (name: string, vm: VirtualMachine) => Promise<unknown>,
): Promise<void> {
  const machines = [...world.audit.machines.values()].filter(
    ({ metadata }) => metadata.namespace === "default" && !metadata.name.startsWith("once-"),
  );
  if (machines.length === 0) return;
  const vm = stream.pick(machines);
  await act(vm.metadata.name, vm);
}
