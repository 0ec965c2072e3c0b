import { isActive } from "../../reconciler/pool/members.ts";
import { pause } from "../../runtime/abort.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Kind } from "../../schema/kind.ts";
import { controllerOf, type ObjectKey, type Resource } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { DeleteOptions, Store, WatchEvent, WatchOptions, WriteOptions } from "../../store/store.ts";
import { isMachine } from "./audit.ts";
import type { Mutant } from "./mutants.ts";
import { onStore } from "./mutants-store.ts";

const lateMs = 2_000;

/** Planted bugs in how pools count. */
export const poolMutants: Readonly<Record<string, Mutant>> = {
  "forget what was made": {
    what: "a pool counts its members although the cache, which lags, does not show what was just made",
    breaks: ["P1"],
    limits: { hosts: 2, machines: 2, replicas: 1 },
    tampering: onStore((store, { clock }) => ({
      create: async <T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> =>
        longAgo(kind, await store.create(kind, resource, options)),
      delete: async <T extends Resource>(
        kind: Kind<T>,
        key: ObjectKey,
        options?: DeleteOptions,
      ): Promise<T | undefined> => longAgo(kind, await store.delete(kind, key, options)),
      watch: <T extends Resource>(kind: Kind<T>, options: WatchOptions) =>
        kind.kind === VirtualMachineKind.kind
          ? late(store, kind, options, clock)
          : store.watch(kind, options),
    })),
  },
  "count those who go as who stays": {
    what: "a pool that deletes a member while another is going takes that one for who stays: one more goes",
    breaks: ["P2"],
    limits: { hosts: 2, machines: 2, replicas: 1 },
    tampering: onStore((store) => ({
      delete: async <T extends Resource>(
        kind: Kind<T>,
        key: ObjectKey,
        options?: DeleteOptions,
      ): Promise<T | undefined> => {
        const found = await store.get(kind, key);
        const deleted = await store.delete(kind, key, options);
        const [next] = found === undefined ? [] : await oneTooMany(store, found);
        if (next !== undefined) await store.delete(VirtualMachineKind, next.metadata);
        return deleted;
      },
    })),
  },
};

/** Who else of a pool stays while others than this one go. */
async function oneTooMany(store: Store, deleted: Resource): Promise<readonly VirtualMachine[]> {
  const pool = isMachine(deleted) ? controllerOf(deleted) : undefined;
  if (pool === undefined) return [];
  const { items } = await store.list(VirtualMachineKind);
  const others = items.filter(
    (vm) => controllerOf(vm)?.uid === pool.uid && vm.metadata.uid !== deleted.metadata.uid,
  );
  const staying = others.filter(isActive);
  return staying.length < others.length ? staying : [];
}

/** As if it had been written long ago: nobody waits for a cache to show it. */
function longAgo<T extends Resource | undefined>(kind: Kind, resource: T): T {
  if (resource === undefined || kind.kind !== VirtualMachineKind.kind) return resource;
  return { ...resource, metadata: { ...resource.metadata, resourceVersion: "1" } };
}

/** Machines are heard of late, which alone does no harm. */
async function* late<T extends Resource>(
  store: Store,
  kind: Kind<T>,
  options: WatchOptions,
  clock: Clock,
): AsyncGenerator<WatchEvent<T>> {
  let wokeMs = Number.NEGATIVE_INFINITY;
  for await (const event of store.watch(kind, options)) {
    if (clock.monotonic() - wokeMs > lateMs / 10) await pause(clock, lateMs, options.signal);
    if (options.signal.aborted) return;
    wokeMs = clock.monotonic();
    yield event;
  }
}
