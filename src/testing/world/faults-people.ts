import type { FaultAct } from "./fault-act.ts";
import type { Scene } from "./scene.ts";

/** What guests and people do that nobody sees or nobody expects. */
export const peopleFaults: Readonly<Record<string, FaultAct>> = {
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
  twin: {
    fault: "F13",
    weight: 0,
    act: async ({ world, actor, stream, newName }) => {
      const name = newName("twin");
      await actor.addMachine(name, { runStrategy: "Halted", memory: "64Mi" });
      const uid = (await actor.findMachine(name))?.metadata.uid;
      if (uid === undefined) return undefined;
      // On every host: wherever the machine is put it meets one.
      for (const { name: hostName, fake } of world.hosts.values()) {
        const running = fake.powered && stream.chance(0.3);
        const domainName = `${newName("foreign-twin")}-${hostName}`;
        fake.addDomain({ uid, domainName, memoryBytes: 2 ** 28, running });
      }
      await actor.ask(name, "Start");
      if (stream.chance(0.5))
        world.later(
          stream.between(1_000, 30_000),
          () => void actor.removeMachine(name).catch(() => undefined),
        );
      return `somebody makes domains with the UUID of ${name}, which is then wanted`;
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
