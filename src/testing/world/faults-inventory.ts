import type { FaultAct } from "./fault-act.ts";
import { addTwin, removeHost, restoreHost } from "./inventory.ts";

/** People change which hosts there are. */
export const inventoryFaults: Readonly<Record<string, FaultAct>> = {
  removeHost: {
    fault: "F19",
    weight: 4,
    act: async ({ world, hostName, stream }) => {
      const name = hostName();
      const lastsMs = stream.pick([1, 200, 5_000, 60_000, 400_000]);
      if (!(await removeHost(world, name))) return undefined;
      world.later(lastsMs, () => restoreHost(world, name));
      return `somebody removes Host ${name}, and adds it again after ${lastsMs} ms`;
    },
  },
  addTwin: {
    fault: "F7",
    weight: 4,
    act: async ({ world, hostName, stream, newName }) => {
      const [name, twin] = [hostName(), newName("twin")];
      const lastsMs = stream.pick([200, 5_000, 60_000, 400_000]);
      if (!(await addTwin(world, name, twin))) return undefined;
      world.later(lastsMs, () => void removeHost(world, twin).catch(() => undefined));
      return `somebody adds Host ${name} once more, as ${twin}, and removes that after ${lastsMs} ms`;
    },
  },
};
