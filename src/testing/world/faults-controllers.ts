import type { FaultAct } from "./fault-act.ts";

/** What happens to controllers, to what they see, to their clocks and to their store. */
export const controllerFaults: Readonly<Record<string, FaultAct>> = {
  kill: {
    fault: "F1",
    weight: 2,
    act: ({ world, stream }) => {
      const replica = stream.pick(world.replicas);
      replica.kill();
      world.later(stream.between(500, 20_000), () => replica.start());
      return `${replica.name} is killed`;
    },
  },
  killAtNextStep: {
    fault: "F1",
    weight: 2,
    act: ({ world, stream }) => {
      world.dieAt(1 + stream.below(6));
      return undefined;
    },
  },
  freezeViews: {
    fault: "F4",
    weight: 2,
    act: ({ world, stream }) => {
      world.freezeViews();
      world.later(stream.between(1_000, 60_000), () => world.thawViews());
      return "what is watched stands still";
    },
  },
  cutStore: {
    fault: "F6",
    weight: 1,
    act: ({ world, stream }) => {
      if (!world.isShared) return undefined;
      const { name } = stream.pick(world.replicas);
      const [from, to] = stream.pick([
        [name, "store"],
        ["store", name],
      ] as const);
      world.network.cut(from, to);
      world.later(stream.pick([2_000, 9_000, 20_000, 60_000]), () => world.network.heal(from, to));
      return `cut: ${from}>${to}`;
    },
  },
  clockJump: {
    fault: "F8",
    weight: 2,
    act: ({ world, stream }) => {
      const replica = stream.pick(world.replicas);
      const ms = stream.pick([-3_600_000, -60_000, -5_000, 5_000, 60_000, 3_600_000]);
      // Right after waking is the one moment in which leader election does not promise to bear it.
      if (replica.process?.hasJustWoken(3_000) === true) return undefined;
      replica.process?.jumpWall(ms);
      return `the wall clock of ${replica.name} jumps by ${ms / 1000} s`;
    },
  },
  suspend: {
    fault: "F8",
    weight: 2,
    act: ({ world, stream }) => {
      const replica = stream.pick(world.replicas);
      replica.process?.pause("suspended");
      const { process } = replica;
      world.later(stream.pick([1_000, 12_000, 60_000, 600_000]), () => process?.resume());
      return `the machine of ${replica.name} is suspended`;
    },
  },
  slowDisk: {
    fault: "F11",
    weight: 1,
    act: ({ world, stream }) => {
      const slowMs = stream.pick([100, 1_000, 4_000]);
      if (world.isShared) world.network.slow("store", slowMs);
      world.disk.syncMs = slowMs;
      world.later(stream.between(1_000, 60_000), () => {
        world.network.slow("store", 0);
        world.disk.syncMs = 1;
      });
      return `the store takes ${slowMs} ms for everything`;
    },
  },
  diskFault: {
    fault: "F11",
    weight: 2,
    act: ({ world, stream }) => {
      // A store that others share is theirs to keep; here it is the controller's own disk.
      if (world.isShared) return undefined;
      const fault = stream.pick([
        "full",
        "fsync error",
        "power loss after fsync",
        "power loss before fsync",
        "torn",
      ] as const);
      world.disk.strike(fault);
      world.later(stream.between(5_000, 60_000), () => {
        world.disk.mend();
        for (const replica of world.replicas) if (replica.isBroken) replica.kill();
        for (const replica of world.replicas) replica.start();
      });
      return `the disk of the store: ${fault}`;
    },
  },
  pauseLeader: {
    fault: "F12",
    weight: 4,
    act: ({ world, stream }) => {
      const leader = world.replicas.find(({ process, isLeading }) => process !== undefined && isLeading);
      const process = leader?.process;
      if (process === undefined) return undefined;
      process.pause("stopped");
      world.later(stream.pick([1_000, 9_000, 14_000, 20_000, 120_000]), () => process.resume());
      return `${process.name}, the leader, is stopped for a while`;
    },
  },
  isolateLeader: {
    fault: "F12",
    weight: 4,
    act: ({ world, stream }) => {
      const leader = world.replicas.find(({ process, isLeading }) => process !== undefined && isLeading);
      const process = leader?.process;
      if (process === undefined) return undefined;
      const { name } = process;
      world.network.cut(name, "store");
      world.network.cut("store", name);
      world.later(stream.pick([8_000, 20_000, 60_000]), () => {
        world.network.heal(name, "store");
        world.network.heal("store", name);
      });
      // Its guests go on, and some of them end: there is something to do for whoever leads.
      for (const host of world.hosts.values()) {
        for (const domain of host.fake.domains)
          if (stream.chance(0.3)) world.later(stream.between(0, 40_000), () => domain.kill());
      }
      if (!world.faults.isEnabled("F8") || stream.chance(0.5))
        return `${name}, the leader, is cut off from the store`;
      world.later(stream.between(1_000, 9_000), () => {
        if (!process.hasJustWoken(3_000)) process.jumpWall(-60_000);
      });
      world.faults.fired("F8", `the wall clock of ${name} jumps back by 60 s`);
      return `${name}, the leader, is cut off from the store, and its clock is set back`;
    },
  },
};
