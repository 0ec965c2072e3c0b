import type { FaultId } from "./fault-ledger.ts";
import type { Scene } from "./scene.ts";

export interface FaultAct {
  readonly fault: FaultId;
  readonly weight: number;
  /** What it came to, for the transcript; undefined when there was nothing to be done. */
  act(scene: Scene): Promise<string | undefined> | string | undefined;
}

/** What happens to hosts, networks, disks, clocks, files and the controller itself. */
export const faultActs: Readonly<Record<string, FaultAct>> = {
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
  blink: {
    fault: "F5",
    weight: 2,
    act: ({ onDomain }) => {
      let what: string | undefined;
      onDomain((domain, host) => {
        if (!domain.active) return;
        domain.kill();
        if (domain.persistent && domain.startFailure === undefined) domain.start();
        what = `${domain.domainName} on ${host.name} ends and starts between two looks`;
      });
      return what;
    },
  },
  createAndDelete: {
    fault: "F5",
    weight: 1,
    act: async ({ actor, newName }) => {
      const name = newName("brief");
      await actor.addMachine(name, { disks: [{ name: "data", size: "1Gi" }] });
      await actor.removeMachine(name);
      return `${name} is created and deleted at once`;
    },
  },
  deleteAndRecreate: {
    fault: "F5",
    weight: 1,
    act: async ({ actor, newName }) => {
      const name = newName("again");
      await actor.addMachine(name);
      await actor.removeMachine(name);
      await actor.addMachine(name).catch(() => undefined);
      return `${name} is created, deleted and created`;
    },
  },
  cut: {
    fault: "F6",
    weight: 2,
    act: ({ world, stream, host }) => {
      const replica = stream.pick(world.replicas);
      const { name } = host();
      const ways = stream.pick([
        [[replica.name, name]],
        [[name, replica.name]],
        [
          [replica.name, name],
          [name, replica.name],
        ],
      ]);
      const lastsMs = stream.pick([1_000, 10_000, 40_000, 120_000, 600_000]);
      for (const [from = "", to = ""] of ways) {
        world.network.cut(from, to);
        world.later(lastsMs, () => world.network.heal(from, to));
      }
      return `cut: ${ways.map((way) => way.join(">")).join(" ")}`;
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
  powerLoss: {
    fault: "F7",
    weight: 2,
    act: ({ world, stream, host }) => {
      const lost = host();
      if (!lost.fake.powered) return undefined;
      const ran = [...lost.fake.domains].filter(({ active }) => active).map(({ uid }) => uid);
      lost.guestService = stream.chance(0.3) ? "start" : "nothing";
      lost.powerOff();
      world.later(stream.pick([2_000, 20_000, 60_000, 300_000]), () => lost.powerOn(ran));
      return `${lost.name} loses its power`;
    },
  },
  autostart: {
    fault: "F7",
    weight: 1,
    act: ({ world, onDomain }) => {
      let what: string | undefined;
      onDomain((domain, host) => {
        world.autostarted.add(domain.uid);
        domain.autostart = true;
        what = `somebody sets autostart for ${domain.domainName} on ${host.name}`;
      });
      return what;
    },
  },
  moveAddress: {
    fault: "F7",
    weight: 1,
    act: ({ world, stream, host }) => {
      const [a, b] = [host(), host()];
      if (a === b) return undefined;
      // Two hosts change places: the old addresses lead to the wrong ones for a while.
      const swap = (): void => {
        const [first, second] = [
          world.addresses.get(`fake://${a.name}`),
          world.addresses.get(`fake://${b.name}`),
        ];
        if (first === undefined || second === undefined) return;
        world.addresses.set(`fake://${a.name}`, second);
        world.addresses.set(`fake://${b.name}`, first);
        a.restartDaemon();
        b.restartDaemon();
      };
      swap();
      world.later(stream.pick([5_000, 60_000, 300_000]), swap);
      return `${a.name} and ${b.name} change addresses`;
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
  slowHost: {
    fault: "F9",
    weight: 2,
    act: ({ world, stream, host }) => {
      const slow = host();
      slow.slowMs = stream.pick([50, 400, 3_000, 40_000]);
      world.later(stream.between(1_000, 120_000), () => {
        slow.slowMs = 0;
      });
      return `${slow.name} takes ${slow.slowMs} ms for everything`;
    },
  },
  freezeDaemon: {
    fault: "F9",
    weight: 2,
    act: ({ world, stream, host }) => {
      const frozen = host();
      frozen.freeze();
      world.later(stream.pick([1_000, 20_000, 45_000, 200_000]), () => frozen.thaw());
      return `the daemon of ${frozen.name} hangs`;
    },
  },
  restartDaemon: {
    fault: "F9",
    weight: 2,
    act: ({ host }) => {
      const restarted = host();
      if (!restarted.fake.powered) return undefined;
      restarted.restartDaemon();
      return `the daemon of ${restarted.name} is restarted`;
    },
  },
  jobLock: {
    fault: "F9",
    weight: 1,
    act: ({ world, stream, onDomain }) => {
      let what: string | undefined;
      onDomain((domain, host) => {
        domain.busy = true;
        world.later(stream.between(1_000, 120_000), () => {
          domain.busy = false;
        });
        what = `a job holds the lock of ${domain.domainName} on ${host.name}`;
      });
      return what;
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
  loseReply: {
    fault: "F2",
    weight: 2,
    act: ({ host }) => {
      const lost = host();
      lost.loseNextReply = true;
      return `the reply to the next change on ${lost.name} will be lost`;
    },
  },
  destroyByHand: { fault: "F13", weight: 2, act: byHand("destroys", (domain) => domain.destroy()) },
  undefineByHand: { fault: "F13", weight: 2, act: byHand("undefines", (domain) => domain.undefine()) },
  pauseByHand: {
    fault: "F13",
    weight: 2,
    act: byHand("pauses", (domain) => {
      if (domain.active) domain.pause();
    }),
  },
  startByHand: {
    fault: "F13",
    weight: 1,
    act: byHand("starts", (domain) => {
      if (!domain.active && domain.persistent && domain.startFailure === undefined) domain.start();
    }),
  },
  editByHand: {
    fault: "F13",
    weight: 2,
    act: byHand("edits", (domain) => {
      if (domain.observed.definition !== undefined) domain.edit({ cpus: 5 });
    }),
  },
  deleteDiskByHand: {
    fault: "F13",
    weight: 1,
    act: ({ world, host, stream }) => {
      const { fake, name } = host();
      const pool = fake.pool(world.clusterId);
      const volumes = pool.list().filter((volume) => /^(vm|volume)-/.test(volume.name));
      if (volumes.length === 0) return undefined;
      const volume = stream.pick(volumes).name;
      pool.delete(volume);
      return `somebody deletes ${volume} on ${name}`;
    },
  },
  foreignDomain: {
    fault: "F13",
    weight: 2,
    act: ({ world, host, stream, newName }) => {
      const machines = [...world.audit.machines.values()].filter(
        ({ metadata }) => ![...world.hosts.values()].some(({ fake }) => fake.findDomain(metadata.uid ?? "")),
      );
      const vm = machines.length === 0 ? undefined : stream.pick(machines);
      const { uid = "", name: machine = "none" } = vm?.metadata ?? {};
      const clash = vm === undefined ? "nothing" : stream.pick(["uuid", "name", "nothing"] as const);
      const placed = world.hosts.get(vm?.status?.hostName ?? "");
      const { fake, name } = clash === "nothing" ? host() : (placed ?? host());
      const domainName = clash === "name" ? `default-${machine}-${uid.slice(0, 8)}` : newName("foreign");
      if (fake.findByName(domainName) !== undefined) return undefined;
      const foreignUid = clash === "uuid" ? uid : world.stream(newName("foreign uuid")).uuid();
      const running = stream.chance(0.5);
      fake.addDomain({ uid: foreignUid, domainName, memoryBytes: 2 ** 30, running });
      return `somebody makes the domain ${domainName} with UUID ${foreignUid} on ${name}`;
    },
  },
  halfFile: {
    fault: "F14",
    weight: 2,
    act: onFile("half", ({ author, stream }, path) => author.halfWrite(path, stream.between(100, 20_000))),
  },
  truncatedFile: {
    fault: "F14",
    weight: 1,
    act: onFile("truncated", ({ author }, path) => author.truncate(path)),
  },
  linkedFile: {
    fault: "F14",
    weight: 1,
    act: onFile("a link", ({ author }, path) => author.replaceByLink(path)),
  },
  duplicateFile: {
    fault: "F14",
    weight: 1,
    act: onFile("doubled", ({ author, newName }, path) => author.duplicate(path, `${newName("copy")}.yaml`)),
  },
  renameFile: {
    fault: "F14",
    weight: 1,
    act: onFile("renamed", ({ author, newName }, path) =>
      author.rename(path, `${newName("moved")}/${path.replace(/^.*\//, "")}`),
    ),
  },
  emptyFolder: {
    fault: "F14",
    weight: 1,
    act: ({ author }) => {
      author.empty();
      return "the folder is emptied";
    },
  },
  unmount: {
    fault: "F14",
    weight: 1,
    act: ({ world, stream }) => {
      world.files.unmount(stream.pick(["unmounted", "gone"] as const));
      world.later(stream.between(1_000, 120_000), () => world.files.mount());
      return "the folder's mount vanishes";
    },
  },
  noMemory: {
    fault: "F15",
    weight: 1,
    act: ({ world, stream, onDomain }) => {
      let what: string | undefined;
      onDomain((domain, host) => {
        domain.kill();
        domain.startFailure = "cannot set up guest memory: Cannot allocate memory";
        world.later(stream.between(5_000, 200_000), () => {
          domain.startFailure = undefined;
        });
        what = `${host.name} has no memory for ${domain.domainName}`;
      });
      return what;
    },
  },
  poolFull: {
    fault: "F15",
    weight: 1,
    act: ({ world, stream, host }) => {
      const full = host();
      full.isPoolFull = true;
      world.later(stream.between(5_000, 100_000), () => {
        full.isPoolFull = false;
      });
      return `the pool of ${full.name} is full`;
    },
  },
  burst: {
    fault: "F17",
    weight: 1,
    act: async ({ actor, newName }) => {
      const names = Array.from({ length: 20 }, (_, index) => `${newName("burst")}-${index}`);
      await Promise.all(names.map((name) => actor.addMachine(name, { runStrategy: "Halted" })));
      await Promise.all(names.map((name) => actor.ask(name, "Start")));
      await Promise.all(names.map((name) => actor.removeMachine(name)));
      return "twenty machines are made, started and deleted at once";
    },
  },
};

type Domain = Parameters<Parameters<Scene["onDomain"]>[0]>[0];

function byHand(verb: string, act: (domain: Domain) => void): FaultAct["act"] {
  return ({ onDomain }) => {
    let what: string | undefined;
    onDomain((domain, host) => {
      act(domain);
      what = `somebody ${verb} ${domain.domainName} on ${host.name}`;
    });
    return what;
  };
}

function onFile(word: string, act: (scene: Scene, path: string) => void): FaultAct["act"] {
  return (scene) => {
    const { author, stream } = scene;
    const path = author.paths[stream.below(author.paths.length)];
    if (path === undefined) return undefined;
    act(scene, path);
    return `${path} is ${word}`;
  };
}
