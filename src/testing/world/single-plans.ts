import { Actor } from "./actor.ts";
import { ManifestsAuthor } from "./manifests-author.ts";
import type { Process } from "./process.ts";
import { findUnsettled } from "./unsettled.ts";
import { type Hands, type Workload, workloads } from "./workloads.ts";
import { World } from "./world.ts";
import type { Breach } from "./world-options.ts";

/**
 * The one thing that goes wrong in a play. `crash`: the controller dies at a moment between two effects.
 * `stale`: from a write on, what is watched stands still for a while. `unobserved`: the same, and what
 * happened meanwhile is never shown, only what came of it.
 */
export type Trouble = "crash" | "stale" | "unobserved";

/** What came of one play of a workload. */
export interface SingleRun {
  /** The moments at which something can go wrong. */
  readonly moments: readonly string[];
  readonly breaches: readonly Breach[];
}

const restMs = 10_000;
const staleMs = 25_000;
const peaceMs = 120_000;
const idleMs = 120_000;

/** Plays a workload in which one thing goes wrong, at the moment with this number, from 1 on. */
export async function playSingle(workload: Workload, trouble: Trouble, at?: number): Promise<SingleRun> {
  const moments: string[] = [];
  let isCounting = false;
  const isMoment = (what: string): boolean => {
    if (isCounting) moments.push(what);
    return isCounting && moments.length === at;
  };
  const boundary = (process: Process, what: string): void => {
    if (trouble === "crash" && isMoment(what)) process.kill();
  };
  const world = await World.start({ seed: 7, hosts: [{ name: "h1" }, { name: "h2" }], boundary });
  world.audit.listen(({ kind, metadata }, { revision }) => {
    if (trouble === "crash" || !isMoment(`${revision} ${kind} ${metadata.name}`)) return;
    world.freezeViews(trouble === "unobserved");
    world.time.schedule(staleMs, () => world.thawViews());
  });
  const hands = { world, actor: new Actor(world), author: new ManifestsAuthor(world) };
  world.deleting = (process, kind, name) => {
    const isMeant = process.name !== "client" && kind === "VirtualMachine" && hands.author.meant.has(name);
    if (isMeant) world.complain("S9", `${name} is deleted, which its author wants`);
  };
  const settle = async (ms: number): Promise<void> => {
    await world.time.runFor(ms);
    const [replica] = world.replicas;
    if (replica?.process !== undefined) return;
    replica?.kill();
    replica?.start();
    await world.time.runFor(ms);
  };
  await populate(hands);
  isCounting = true;
  for (const step of workload) {
    void (async () => step(hands))().catch((error: unknown) => world.note(`refused: ${String(error)}`));
    await settle(restMs);
  }
  isCounting = at !== undefined && moments.length < at;
  await settle(peaceMs);
  const [writes, mutations] = [world.audit.writes, world.watch.mutations];
  await settle(idleMs);
  const { writes: moreWrites } = world.audit;
  if (moreWrites > writes) world.complain("L2", `${moreWrites - writes} writes while nothing happens`);
  if (world.watch.mutations > mutations) world.complain("L2", "calls while nothing happens");
  findUnsettled(world, world.complain);
  world.killAll();
  return { moments, breaches: world.breaches };
}

async function populate({ world, actor }: Hands): Promise<void> {
  const done = (async () => {
    await actor.addImage("debian", "a");
    await actor.addSource();
    for (const name of world.hosts.keys()) await actor.addHost(name);
  })();
  await world.time.runFor(5_000);
  await done;
}

/** Plays a workload once without trouble and once for each moment at which there can be some. */
export async function playAllSingles(
  name: string,
  trouble: Trouble,
): Promise<{ readonly moments: number; readonly faults: readonly string[] }> {
  const workload = workloads[name];
  if (workload === undefined) throw new Error(`there is no workload "${name}"`);
  const reference = await playSingle(workload, trouble);
  const faults = reference.breaches.map(({ id, what }) => `${name}, without trouble: ${id} ${what}`);
  for (let at = 1; at <= reference.moments.length; at++) {
    const { breaches, moments } = await playSingle(workload, trouble, at);
    const moment = `${name}, ${trouble} at moment ${at}, ${moments[at - 1]}`;
    if (moments.length < at) faults.push(`${moment}: was not reached`);
    for (const { id, what } of breaches) faults.push(`${moment}: ${id} ${what}`);
  }
  return { moments: reference.moments.length, faults };
}
