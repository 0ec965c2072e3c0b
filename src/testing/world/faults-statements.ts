import type { FaultAct } from "./fault-act.ts";
import type { Scene } from "./scene.ts";
import { confirmDown, withdrawStatement } from "./statements.ts";

/** Hosts are lost and people say so, rightly or not. */
export const statementFaults: Readonly<Record<string, FaultAct>> = {
  confirmDown: {
    fault: "F16",
    weight: 2,
    act: async (scene) => {
      const name = scene.hostName();
      await say(scene, name);
      return `somebody says that ${name} is down`;
    },
  },
  loseAndConfirm: {
    fault: "F16",
    weight: 6,
    act: (scene) => {
      const { world, stream, host } = scene;
      const lost = host();
      const isCut = stream.chance(0.6);
      if (isCut) cutOff(scene, lost.name);
      else lost.powerOff();
      world.later(stream.between(35_000, 80_000), () => void say(scene, lost.name).catch(() => undefined));
      world.later(stream.pick([90_000, 150_000, 400_000]), () => {
        if (isCut) rejoin(scene, lost.name);
        else lost.powerOn();
      });
      return `${lost.name} ${isCut ? "is cut off" : "loses its power"}, and somebody says that it is down`;
    },
  },
  massOutage: {
    fault: "F16",
    weight: 6,
    act: (scene) => {
      const { world, stream } = scene;
      const names = [...world.hosts.keys()].filter(() => stream.chance(0.7));
      if (names.length < 2) return undefined;
      for (const name of names) cutOff(scene, name);
      for (const name of names) {
        if (!stream.chance(0.6)) continue;
        world.later(stream.between(45_000, 90_000), () => void say(scene, name).catch(() => undefined));
      }
      world.later(stream.pick([100_000, 300_000]), () => {
        for (const name of names) rejoin(scene, name);
      });
      return `${names.join(", ")} vanish at once`;
    },
  },
  withdraw: {
    fault: "F16",
    weight: 1,
    act: async ({ world, hostName }) => {
      const name = hostName();
      await withdrawStatement(world, name);
      return `somebody takes back that ${name} is down`;
    },
  },
};

function say({ world, stream }: Scene, name: string): Promise<void> {
  return confirmDown(world, name, {
    machines: stream.chance(0.2) ? "WithoutDisks" : "All",
    evenInMassOutage: stream.chance(0.3),
    expiresInSeconds: stream.pick([60, 600, 3600]),
  });
}

function cutOff({ world }: Scene, name: string): void {
  for (const replica of world.replicas) {
    world.network.cut(replica.name, name);
    world.network.cut(name, replica.name);
  }
}

function rejoin({ world }: Scene, name: string): void {
  for (const replica of world.replicas) {
    world.network.heal(replica.name, name);
    world.network.heal(name, replica.name);
  }
}
