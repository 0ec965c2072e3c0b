import type { FaultAct } from "./fault-act.ts";

/** What happens to hosts, to their daemons and on the way to them. */
export const hostFaults: Readonly<Record<string, FaultAct>> = {
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
  loseReply: {
    fault: "F2",
    weight: 2,
    act: ({ host }) => {
      const lost = host();
      lost.loseNextReply = true;
      return `the reply to the next change on ${lost.name} will be lost`;
    },
  },
  loseStart: {
    fault: "F2",
    weight: 0,
    act: async ({ world, actor, stream, newName }) => {
      const name = newName("once");
      for (const host of world.hosts.values()) host.loseNextReply = "startDomain";
      await actor.addMachine(name, { runStrategy: "Once", memory: "64Mi" });
      world.later(stream.between(200, 28_000), () => actor.domainOf(name)?.stopFromInside());
      return `the reply to the only start of ${name} will be lost, and its guest soon ends`;
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
};
