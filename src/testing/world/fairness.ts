import { isTrue } from "../../schema/conditions.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { Actor } from "./actor.ts";
import { isMachine } from "./audit.ts";
import type { SimHost } from "./sim-host.ts";
import { type Stream, streamOf } from "./stream.ts";
import type { World } from "./world.ts";

/** So long may what happens on one host, or to one object, hold up the others. */
const mostMs = 1_000;
const count = 8;
/** Long enough for a call that hangs to be given up, and for a link without a sign of life to be. */
const sickMs = 40_000;

/** When a machine was asked for and when it ran. */
interface Wish {
  readonly askedMs: number;
  ranMs?: number;
}

/**
 * L4: one host is sick and one machine cannot be, while others are made elsewhere. Returns how long each of
 * those took that were placed on hosts that are well; longer than a second is a breach.
 */
export async function beFair(world: World): Promise<readonly number[]> {
  const stream = streamOf(world.seed, "fairness");
  const ready = [...world.hosts.values()].filter(({ name }) => isReady(world, name));
  if (ready.length < 2) return [];
  const sick = stream.pick(ready);
  const wishes = watchWishes(world);
  const actor = new Actor(world);
  world.note(`${sick.name} is sick`);
  world.queues.trouble();
  sicken(world, sick, stream);
  void actor.addMachine("fair-none", { disks: [{ name: "root", image: "none" }] }).catch(() => undefined);
  await world.time.runFor(stream.between(0, sickMs));
  for (let index = 0; index < count; index++) {
    const name = `fair-${index}`;
    wishes.set(name, { askedMs: world.time.elapsedMs });
    void actor.addMachine(name, { memory: "64Mi" }).catch(() => wishes.delete(name));
    await world.time.runFor(stream.between(0, 2_000));
  }
  await world.time.runFor(10 * mostMs);
  const delays = delaysOf(world, wishes, sick);
  sick.heal();
  world.network.healAll();
  world.queues.calm();
  for (const name of ["fair-none", ...wishes.keys()])
    void actor.removeMachine(name).catch((error: unknown) => world.note(`refused: ${String(error)}`));
  return delays;
}

function isReady(world: World, hostName: string): boolean {
  const host = world.audit.hosts.get(hostName);
  return host?.spec.unschedulable === false && isTrue(host.status?.conditions, "Ready");
}

function watchWishes(world: World): Map<string, Wish> {
  const wishes = new Map<string, Wish>();
  world.audit.listen((resource) => {
    if (!isMachine(resource) || resource.status?.printableStatus !== "Running") return;
    const wish = wishes.get(resource.metadata.name);
    if (wish !== undefined) wish.ranMs ??= world.time.elapsedMs;
  });
  return wishes;
}

/** In one of the ways in which a host does not answer. */
function sicken(world: World, host: SimHost, stream: Stream): void {
  const ways: readonly (() => void)[] = [
    () => host.freeze(),
    () => {
      host.slowMs = sickMs;
    },
    () => {
      for (const { name } of world.replicas) {
        world.network.cut(name, host.name);
        world.network.cut(host.name, name);
      }
    },
  ];
  stream.pick(ways)();
}

/** Of those on hosts that are well; who was put on the sick one, or found no room, has waited for that. */
function delaysOf(world: World, wishes: ReadonlyMap<string, Wish>, sick: SimHost): readonly number[] {
  const machines = new Map([...world.audit.machines.values()].map((vm) => [vm.metadata.name, vm]));
  const delays: number[] = [];
  for (const [name, { askedMs, ranMs }] of wishes) {
    const vm = machines.get(name);
    if (vm === undefined || !isElsewhere(vm, sick)) continue;
    const tookMs = (ranMs ?? world.time.elapsedMs) - askedMs;
    delays.push(tookMs);
    if (tookMs > mostMs)
      world.complain(
        "L4",
        `${name} on ${vm.status?.hostName} took ${Math.round(tookMs)} ms: ${sick.name} is sick`,
      );
  }
  return delays;
}

function isElsewhere({ status }: VirtualMachine, sick: SimHost): boolean {
  return status?.hostName !== undefined && status.hostName !== sick.name;
}
