import { messageOf } from "../../runtime/errors.ts";
import { controllerOf } from "../../schema/meta.ts";
import { Actor } from "./actor.ts";
import { beFair } from "./fairness.ts";
import { faultActs } from "./fault-acts.ts";
import type { FaultId } from "./fault-ledger.ts";
import { restoreHosts } from "./inventory.ts";
import { ManifestsAuthor } from "./manifests-author.ts";
import { mustOnlyObserve } from "./observing.ts";
import type { Plan, Step } from "./plan.ts";
import type { Tampering } from "./replica.ts";
import { Scene } from "./scene.ts";
import { streamOf } from "./stream.ts";
import { findUnsettled } from "./unsettled.ts";
import { workActs } from "./work-acts.ts";
import { World } from "./world.ts";
import type { Breach } from "./world-options.ts";

export interface PlayOptions {
  readonly tampering?: Tampering | undefined;
  readonly transcript?: boolean | undefined;
  /** Ends at the first breach: a play that is only to be told from good ones need not go on. */
  readonly untilBreach?: boolean | undefined;
}

/** What a play has come to. */
export interface Result {
  readonly seed: number;
  readonly breaches: readonly Breach[];
  /** Equal for equal plays. */
  readonly hash: string;
  readonly virtualMs: number;
  readonly events: number;
  readonly fired: ReadonlyMap<FaultId, number>;
  readonly unfired: readonly FaultId[];
  /** How long machines took to run while a host that is not theirs was sick. */
  readonly delaysMs: readonly number[];
  readonly transcript: readonly string[];
}

const peaceMs = 30_000;
const convergeMs = 3_600_000;
/** Long enough for crash loops to be forgotten and unused contents to be swept. */
const restMs = 180_000;
/** Every so manieth play stays idle for long, the others for as long as a loop takes to show. */
const longEvery = 5;
/** So many hosts and machines are idle for long at no great cost. */
const smallSize = 12;
/** Every so manieth play looks whether one sick host holds up the others. */
const fairEvery = 3;
/** Every so manieth play ends with a store that is older than its hosts. */
const observingEvery = 4;
const [longRounds, shortRounds] = [100, 20];
const halfDayMs = 43_200_000;

/** Plays a plan: first trouble, then calm, in which everything must come to rest and stay there. */
export async function play(plan: Plan, options: PlayOptions = {}): Promise<Result> {
  const { tampering = {}, transcript = false } = options;
  const { seed, hosts, replicas, resyncMs, policy, rates } = plan;
  const world = await World.start({ seed, hosts, replicas, resyncMs, policy, rates, tampering, transcript });
  let delaysMs: readonly number[] = [];
  const isOver = (): boolean => options.untilBreach === true && world.breaches.length > 0;
  try {
    const author = await populate(world, plan);
    for (const step of plan.steps) {
      if (isOver()) break;
      await take(world, author, seed, step);
    }
    if (!isOver()) await calm(world, author, idleRoundsOf(plan));
    if (!isOver() && seed % fairEvery === 0) {
      delaysMs = await beFair(world);
      await settle(world);
    }
    if (!isOver() && seed % observingEvery === 0) await mustOnlyObserve(world);
    if (!isOver()) await end(world);
  } catch (error) {
    world.complain("L5", `the play broke off: ${error instanceof Error ? error.stack : String(error)}`);
  }
  world.killAll();
  return {
    seed,
    breaches: world.breaches,
    hash: world.trace.hash,
    virtualMs: world.time.elapsedMs,
    events: world.time.fired,
    fired: world.faults.counts,
    unfired: world.faults.unfired,
    delaysMs,
    transcript: world.trace.lines,
  };
}

/** The world as it is before anything goes wrong. */
async function populate(world: World, plan: Plan): Promise<ManifestsAuthor> {
  const actor = new Actor(world);
  const author = new ManifestsAuthor(world);
  world.deleting = guardOf(world, author);
  const stream = streamOf(plan.seed, "population");
  const began = (async () => {
    await actor.addImage("debian", "a");
    await actor.addPriorityClass("low", 1);
    await actor.addPriorityClass("high", 1_000);
    await actor.addInstanceType("small", 1, "256Mi");
    await actor.addSource();
    for (const { name } of plan.hosts)
      await actor.addHost(name, { accelerator: stream.chance(0.2) ? "qemu" : "auto" });
    for (let index = 1; index <= plan.machines; index++) {
      const disks = stream.chance(0.3) ? [{ name: "data", size: "1Gi" }] : [];
      await actor.addMachine(`first-${index}`, { disks, memory: "128Mi" });
    }
  })();
  began.catch((error: unknown) =>
    world.time.stop(new Error("the world could not be populated", { cause: error })),
  );
  for (let index = 0; index < 3; index++) author.write(`file-${index}.yaml`, `file-${index}`, 1);
  await world.time.runFor(30_000);
  await began;
  world.faults.isActive = true;
  return author;
}

async function take(world: World, author: ManifestsAuthor, seed: number, step: Step): Promise<void> {
  const { number, act, thenMs } = step;
  const stream = streamOf(seed, `step ${number}`);
  const scene = new Scene({ world, actor: new Actor(world), author, stream, number });
  const fault = faultActs[act];
  world.note(`step ${number}: ${act}`);
  const doing = async (): Promise<void> => {
    try {
      if (fault === undefined) await workActs[act]?.act(scene);
      else {
        const what = await fault.act(scene);
        if (what !== undefined) world.faults.fired(fault.fault, what);
      }
    } catch (error) {
      world.note(`step ${number} is refused: ${messageOf(error)}`);
    }
  };
  void doing();
  await world.time.runFor(thenMs);
}

/** All trouble ends. */
async function calm(world: World, author: ManifestsAuthor, idleRounds: number): Promise<void> {
  world.heal();
  author.mendAll();
  restoreHosts(world);
  world.note("calm");
  await settle(world);
  await world.time.runFor(restMs);
  const [writes, mutations, looks] = [world.audit.writes, world.watch.mutations, world.watch.looks];
  world.note("idle");
  await world.time.runFor(idleRounds * world.resyncMs);
  const [moreWrites, moreMutations] = [world.audit.writes - writes, world.watch.mutations - mutations];
  if (moreWrites > 0)
    world.complain("L2", `${moreWrites} writes in ${idleRounds} rounds in which nothing happened`);
  if (moreMutations > 0)
    world.complain("L2", `${moreMutations} calls in ${idleRounds} rounds in which nothing happened`);
  // A look at everything in each round, and a good deal of patience.
  const most = idleRounds * world.audit.hosts.size * 1.5 + 10;
  const moreLooks = (world.watch.looks - looks) / (world.isShared ? world.replicas.length : 1);
  if (moreLooks > most) world.complain("L2", `${moreLooks} looks at hosts in ${idleRounds} rounds`);
  world.queues.look();
  findUnsettled(world, world.complain);
  for (const what of world.follower.faults()) world.complain("D3", `the copy of one who watches: ${what}`);
}

/**
 * In how many rounds of looking nothing may happen. The smallest plays, of which half a day costs little,
 * rest so long.
 */
function idleRoundsOf({ seed, hosts, machines, replicas, resyncMs }: Plan): number {
  const isTiny = hosts.length === 1 && machines <= 4 && replicas === 1 && resyncMs >= 60_000;
  if (isTiny) return halfDayMs / resyncMs;
  return seed % longEvery === 0 || hosts.length + machines <= smallSize ? longRounds : shortRounds;
}

/** Waits until everything is as it should be; what never comes to be so is a breach. */
async function settle(world: World): Promise<void> {
  const deadline = world.time.elapsedMs + convergeMs;
  let unsettled: Breach[] = [];
  do {
    await world.time.runFor(peaceMs);
    world.queues.look();
    unsettled = [];
    findUnsettled(world, (id, what) => void unsettled.push({ id, what, atMs: world.time.elapsedMs }));
  } while (unsettled.length > 0 && world.time.elapsedMs < deadline);
  for (const { id, what } of unsettled) world.complain(id, what);
}

/** Ends the controllers in good order: nothing of them may be left. */
async function end(world: World): Promise<void> {
  world.follower.stop();
  const processes = world.replicas.map((replica) => replica.process);
  const stopping = Promise.all(world.replicas.map((replica) => replica.stop()));
  let isStopped = false;
  void stopping.then(() => {
    isStopped = true;
  });
  await world.time.runFor(60_000);
  if (!isStopped) world.complain("L5", "a controller that was told to end has not ended in a minute");
  for (const process of processes) {
    if (process !== undefined && process.pendingTimers > 0) {
      world.complain("L5", `${process.name} has ended and left ${process.pendingTimers} timers`);
    }
  }
  for (const { name, links } of world.hosts.values()) {
    if (links.size > 0) world.complain("L5", `${links.size} links to ${name} are left`);
  }
}

/** S9: what is deleted because no file names it was really meant to go, and is not too much at once. */
function guardOf(world: World, author: ManifestsAuthor): World["deleting"] {
  let recent: { readonly name: string; readonly atMs: number }[] = [];
  return (process, kind, name) => {
    if (process.name === "client" || kind !== "VirtualMachine" || isPooled(world, name)) return;
    if (author.means(name)) world.complain("S9", `${process.name} deletes ${name}, which its author wants`);
    const now = world.time.elapsedMs;
    // A deletion that the store did not take is tried again.
    const others = recent.filter((one) => now - one.atMs < 10_000 && one.name !== name);
    recent = [...others, { name, atMs: now }];
    const owned = [...world.audit.machines.values()].filter(
      ({ metadata }) => metadata.labels?.["ostler.dev/source"] !== undefined,
    );
    const most = Math.max(3, Math.floor((owned.length + recent.length) * 0.1));
    if (recent.length > most)
      world.complain("S9", `${recent.length} objects deleted at once, of ${owned.length}`);
  };
}

/** Members go as their pools say. */
function isPooled(world: World, name: string): boolean {
  const vm = world.audit.machines.values().find(({ metadata }) => metadata.name === name);
  return vm !== undefined && controllerOf(vm) !== undefined;
}
