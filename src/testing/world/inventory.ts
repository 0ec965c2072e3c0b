import { hasReason } from "../../runtime/errors.ts";
import { type Host, HostKind } from "../../schema/host.ts";
import { Actor } from "./actor.ts";
import type { World } from "./world.ts";

/** How long after a failure somebody tries again to add a Host. */
const retryMs = 1_000;

/** What was removed and is still to be added again, by world: the specs by name. */
const missing = new WeakMap<World, Map<string, Host["spec"]>>();

/** All Hosts that were ever removed, by world. */
const removed = new WeakMap<World, Set<string>>();

/** Somebody deletes the Host object; the machine goes on. False when it is gone already. */
export async function removeHost(world: World, name: string): Promise<boolean> {
  const host = await world.store?.get(HostKind, { name });
  if (host === undefined) return false;
  missing.set(world, (missing.get(world) ?? new Map()).set(name, host.spec));
  removed.set(world, (removed.get(world) ?? new Set()).add(name));
  await new Actor(world).removeHost(name);
  return true;
}

/** Whether it was ever removed, be it there again or not: controllers hear of it late. */
export function wasRemoved(world: World, name: string): boolean {
  return removed.get(world)?.has(name) === true;
}

/** Adds it again as it was, as soon as the store takes it. */
export function restoreHost(world: World, name: string): void {
  const spec = missing.get(world)?.get(name);
  if (spec === undefined) return;
  const restored = async (): Promise<void> => {
    try {
      await new Actor(world).addHost(name, spec);
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
    }
    missing.get(world)?.delete(name);
  };
  restored().catch(() => world.time.schedule(retryMs, () => restoreHost(world, name)));
}

/** Somebody adds the machine of a Host once more, under another name. False when there is no such Host. */
export async function addTwin(world: World, name: string, twin: string): Promise<boolean> {
  const host = await world.store?.get(HostKind, { name });
  if (host === undefined) return false;
  await new Actor(world).addHost(twin, host.spec);
  return true;
}

/** All that was removed is there again, soon. */
export function restoreHosts(world: World): void {
  for (const name of missing.get(world)?.keys() ?? []) restoreHost(world, name);
}
