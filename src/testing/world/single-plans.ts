import { Actor } from "./actor.ts";
import { ManifestsAuthor } from "./manifests-author.ts";
import type { Process } from "./process.ts";
import { findUnsettled } from "./unsettled.ts";
import { type Hands, type Workload, workloads } from "./workloads.ts";
import { World } from "./world.ts";
import type { Breach } from "./world-options.ts";

/**
 * What goes wrong in a play. `crash`: the controller dies at a moment between two effects.
 * `stale`: from a write on, what is watched stands still for a while. `unobserved`: the same, and what
 * happened meanwhile is never shown, only what came of it. `cut`: a host cannot be reached for a while.
 */
export type Trouble = "crash" | "stale" | "unobserved" | "cut";

/** Something that goes wrong at the moment with this number, from 1 on. */
export interface Mishap {
  readonly trouble: Trouble;
  readonly at: number;
}

/** What came of one play of a workload. */
export interface Run {
  /** The moments at which this kind of thing can go wrong. */
  readonly moments: readonly string[];
  /** How much has gone wrong. */
  readonly struck: number;
  readonly breaches: readonly Breach[];
}

const restMs = 10_000;
const staleMs = 25_000;
/** Longer than a call is waited for. */
const cutMs = 40_000;
const peaceMs = 120_000;
const idleMs = 120_000;

/**
 * Plays a workload in which these things go wrong, and none of one kind after the last of them has.
 * `counted`: whose moments are told.
 */
export async function playWorkload(
  workload: Workload,
  mishaps: readonly Mishap[],
  counted: Trouble = mishaps[0]?.trouble ?? "crash",
): Promise<Run> {
  const moments = new Moments(mishaps);
  const boundary = (process: Process, what: string): void => {
    for (const trouble of moments.pass("boundary", what)) strike(world, trouble, process);
  };
  const world = await World.start({ seed: 7, hosts: [{ name: "h1" }, { name: "h2" }], boundary });
  world.audit.listen(({ kind, metadata }, { revision }) => {
    for (const trouble of moments.pass("write", `${revision} ${kind} ${metadata.name}`))
      strike(world, trouble);
  });
  const hands = { world, actor: new Actor(world), author: new ManifestsAuthor(world) };
  world.deleting = (process, kind, name) => {
    const isMeant = process.name !== "client" && kind === "VirtualMachine" && hands.author.meant.has(name);
    if (isMeant) world.complain("S9", `${name} is deleted, which its author wants`);
  };
  await populate(hands);
  moments.isCounting = true;
  for (const step of workload) {
    void (async () => step(hands))().catch((error: unknown) => world.note(`refused: ${String(error)}`));
    await rest(world, restMs);
  }
  moments.isCounting = moments.struck < mishaps.length;
  await rest(world, peaceMs);
  moments.isCounting = false;
  await beIdle(world);
  world.killAll();
  return { moments: moments.of(counted), struck: moments.struck, breaches: world.breaches };
}

type Place = "boundary" | "write";

/** Where each kind of thing can go wrong: between two effects of the controller, or after a write. */
const placeOf: Readonly<Record<Trouble, Place>> = {
  crash: "boundary",
  cut: "boundary",
  stale: "write",
  unobserved: "write",
};

/** Counts the moments at which something can go wrong, and says what does. */
class Moments {
  readonly #mishaps: readonly Mishap[];
  readonly #passed: Readonly<Record<Place, string[]>> = { boundary: [], write: [] };
  isCounting = false;
  struck = 0;

  constructor(mishaps: readonly Mishap[]) {
    this.#mishaps = mishaps;
  }

  of(trouble: Trouble): readonly string[] {
    return this.#passed[placeOf[trouble]];
  }

  pass(place: Place, what: string): readonly Trouble[] {
    if (!this.isCounting) return [];
    const passed = this.#passed[place];
    passed.push(what);
    const due = this.#mishaps.filter(({ trouble, at }) => placeOf[trouble] === place && at === passed.length);
    this.struck += due.length;
    return due.map(({ trouble }) => trouble);
  }
}

function strike(world: World, trouble: Trouble, process?: Process): void {
  if (trouble === "crash") process?.kill();
  else if (trouble === "cut") cutHost(world);
  else {
    world.freezeViews(trouble === "unobserved");
    world.time.schedule(staleMs, () => world.thawViews());
  }
}

/** Both ways between the controller and the host with the most guests. */
function cutHost(world: World): void {
  const [host] = [...world.hosts.values()].sort(
    (a, b) => [...b.fake.domains].length - [...a.fake.domains].length,
  );
  const [replica] = world.replicas;
  if (host === undefined || replica === undefined) return;
  world.network.cut(replica.name, host.name);
  world.network.cut(host.name, replica.name);
  world.time.schedule(cutMs, () => world.network.healAll());
}

/** Time passes; what has died is started again, as by systemd. */
async function rest(world: World, ms: number): Promise<void> {
  await world.time.runFor(ms);
  const [replica] = world.replicas;
  if (replica?.process !== undefined) return;
  replica?.kill();
  replica?.start();
  await world.time.runFor(ms);
}

async function beIdle(world: World): Promise<void> {
  const [writes, mutations] = [world.audit.writes, world.watch.mutations];
  await rest(world, idleMs);
  const moreWrites = world.audit.writes - writes;
  if (moreWrites > 0) world.complain("L2", `${moreWrites} writes while nothing happens`);
  if (world.watch.mutations > mutations) world.complain("L2", "calls while nothing happens");
  findUnsettled(world, world.complain);
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
  const reference = await playWorkload(workload, [], trouble);
  const faults = reference.breaches.map(({ id, what }) => `${name}, without trouble: ${id} ${what}`);
  for (let at = 1; at <= reference.moments.length; at++) {
    const { breaches, moments } = await playWorkload(workload, [{ trouble, at }]);
    const moment = `${name}, ${trouble} at moment ${at}, ${moments[at - 1]}`;
    if (moments.length < at) faults.push(`${moment}: was not reached`);
    for (const { id, what } of breaches) faults.push(`${moment}: ${id} ${what}`);
  }
  return { moments: reference.moments.length, faults };
}
