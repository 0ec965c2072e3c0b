import { pause } from "../../runtime/abort.ts";
import type { Clock } from "../../runtime/clock.ts";
import { fnv1a } from "../../runtime/hash.ts";
import { isTrue } from "../../schema/conditions.ts";
import type { Fence } from "../../schema/fence.ts";
import { HostKind } from "../../schema/host.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { acceptRestoreAnnotation, NamespaceKind } from "../../schema/namespace.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { ListOptions, Store, WatchEvent, WatchOptions } from "../../store/store.ts";
import { interceptDriver } from "../intercept-driver.ts";
import { isHost, isMachine } from "./audit.ts";
import type { Mutant } from "./mutants.ts";
import { onStore } from "./mutants-store.ts";
import type { Tampering } from "./replica.ts";
import type { World } from "./world.ts";

const limits = { hosts: 4, machines: 8, faults: ["F16"] } as const;

/** Planted bugs in when machines are started elsewhere, and in what becomes of their older copies. */
export const failoverMutants: Readonly<Record<string, Mutant>> = {
  "take silence for a statement": {
    what: "a host that cannot be reached counts as confirmed down, though nobody has said so",
    breaks: ["S5"],
    limits,
    tampering: onFences((fence, isAway) => fence ?? (isAway ? forged : undefined)),
  },
  "keep failing over in a mass outage": {
    what: "every statement counts as one that insists, however many hosts are away",
    breaks: ["S5"],
    limits: { ...limits, hosts: 6 },
    tampering: onFences((fence) => (fence === undefined ? undefined : { ...fence, evenInMassOutage: true })),
  },
  "leave without writing the proof": {
    what: "a machine gives its host up, and that nothing of it was seen there is not written down",
    breaks: ["S5"],
    limits: { hosts: 1, machines: 20 },
    tampering: onStore((store) => ({
      updateStatus: <T extends Resource>(kind: Kind<T>, resource: T): Promise<T> =>
        store.updateStatus(kind, isMachine(resource) ? withoutProof(resource) : resource),
    })),
  },
  "act on a store that was brought back": {
    what: "a store that is older than what hosts carry counts as accepted, though nobody has accepted it",
    breaks: ["S10"],
    limits: { hosts: 2, machines: 3 },
    tampering: onStore((store, { log }) => ({
      list: async <T extends Resource>(kind: Kind<T>, options?: ListOptions) => {
        const list = await store.list(kind, options);
        return { ...list, items: list.items.map((item) => accepted(item, log.incarnation)) };
      },
    })),
  },
  "decide before the first look": {
    what: "which hosts answered before a start is heard of only when it is no longer asked",
    breaks: ["S11"],
    limits: { hosts: 4, machines: 8, replicas: 1, faults: ["F1", "F6", "F9"] },
    tampering: onStore((store, { clock }) => ({
      list: async <T extends Resource>(kind: Kind<T>, options?: ListOptions) => {
        const list = await store.list(kind, options);
        return { ...list, items: list.items.map(unheardOf) };
      },
      watch: <T extends Resource>(kind: Kind<T>, options: WatchOptions) =>
        kind.kind === HostKind.kind ? afterNews(store, kind, options, clock) : store.watch(kind, options),
    })),
  },
  "leave older copies running": {
    what: "a copy of an earlier placement is not stopped when its host is back",
    breaks: ["L1", "L2"],
    limits,
    tampering: () => ({
      parts: (options, world) => ({
        ...options,
        driver: interceptDriver(options.driver, async ({ hostName, verb, args }, perform) => {
          if (verb !== "destroyDomain" || !isOlder(world, hostName, args[0])) return perform();
          // As if it had been done: what becomes of it is never looked at.
          const nothing: unknown = undefined;
          return nothing as Awaited<ReturnType<typeof perform>>;
        }),
      }),
    }),
  },
};

function withoutProof<T extends VirtualMachine>(vm: T): T {
  const { departure, ...status } = vm.status ?? {};
  return departure?.proof === "ObservedAbsent" ? { ...vm, status } : vm;
}

/** As if nobody had found out anything about the host yet, at a revision that was long ago. */
function unheardOf<T extends Resource>(resource: T): T {
  if (!isHost(resource)) return resource;
  const { conditions: _, ...status } = resource.status ?? {};
  return { ...resource, metadata: { ...resource.metadata, resourceVersion: "1" }, status };
}

/** A watch that tells after a moment what there was before it. */
async function* afterNews<T extends Resource>(
  store: Store,
  kind: Kind<T>,
  options: WatchOptions,
  clock: Clock,
): AsyncGenerator<WatchEvent<T>> {
  await pause(clock, 100, options.signal);
  for (const object of (await store.list(kind)).items) yield { type: "MODIFIED", object };
  yield* store.watch(kind, options);
}

/** As if somebody had typed `ostler store accept-restore`. */
function accepted<T extends Resource>(resource: T, incarnation: string): T {
  if (resource.kind !== NamespaceKind.kind) return resource;
  const annotations = { [acceptRestoreAnnotation]: fnv1a(incarnation).slice(0, 8) };
  return { ...resource, metadata: { ...resource.metadata, annotations } };
}

const forged: Fence = {
  proof: "HumanStatement",
  statedBy: "nobody",
  statedAt: "2026-01-01T00:00:00Z",
  expiresAt: "2099-01-01T00:00:00Z",
  reason: "it is silent",
  machines: "All",
  evenInMassOutage: true,
};

/** Changes what stands in the store about hosts that are down whenever one is written. */
function onFences(change: (fence: Fence | undefined, isAway: boolean) => Fence | undefined): () => Tampering {
  return () => ({
    parts: (options) => ({
      ...options,
      store: new Proxy(options.store, {
        get(target, property) {
          const value: unknown = Reflect.get(target, property, target);
          if (property !== "updateStatus") return typeof value === "function" ? value.bind(target) : value;
          return <T extends Resource>(kind: Kind<T>, resource: T): Promise<T> => {
            if (!isHost(resource)) return target.updateStatus(kind, resource);
            const { fence, ...status } = resource.status ?? {};
            const next = change(fence, isTrue(status.conditions, "Unreachable"));
            const changed = { ...resource, status: next === undefined ? status : { ...status, fence: next } };
            return target.updateStatus(kind, changed);
          };
        },
      }),
    }),
  });
}

function isOlder(world: World, hostName: string, target: unknown): boolean {
  if (typeof target !== "object" || target === null || !("uid" in target) || !("epoch" in target))
    return false;
  const { hostName: placedOn, placementEpoch = 0 } =
    world.audit.machines.get(String(target.uid))?.status ?? {};
  return placedOn !== hostName && Number(target.epoch) < placementEpoch;
}
