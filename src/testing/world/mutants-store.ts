import type { PartsOptions } from "../../parts.ts";
import { hasReason } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import type { ObjectKey, Resource } from "../../schema/meta.ts";
import { confirmPruneAnnotation, SourceKind } from "../../schema/source.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { Store, WatchEvent, WatchOptions } from "../../store/store.ts";
import { isMachine } from "./audit.ts";
import type { Mutant } from "./mutants.ts";
import type { Tampering } from "./replica.ts";

/** Planted bugs in how things are written down, and in who may act. */
export const storeMutants: Readonly<Record<string, Mutant>> = {
  "start before the placement is written": {
    what: "where a machine is placed is written down a second after it was acted on",
    breaks: ["S5"],
    tampering: onStore((store, { clock }) => ({
      updateStatus: async <T extends Resource>(kind: Kind<T>, resource: T): Promise<T> => {
        if (!isMachine(resource) || resource.status?.hostName === undefined)
          return store.updateStatus(kind, resource);
        const stored = await store.get(VirtualMachineKind, resource.metadata);
        if (stored?.status?.hostName !== undefined) return store.updateStatus(kind, resource);
        clock.after(1_000, () => void store.updateStatus(kind, resource).catch(() => undefined));
        return resource;
      },
    })),
  },
  "forget the finalizer": {
    what: "a machine that is deleted is let go before anything of it is removed",
    breaks: ["L3"],
    tampering: onStore((store) => ({
      get: async <T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> => {
        const found = await store.get(kind, key);
        if (found?.metadata.deletionTimestamp === undefined || !isMachine(found)) return found;
        await store.update(kind, { ...found, metadata: { ...found.metadata, finalizers: [] } });
        return undefined;
      },
    })),
  },
  "ignore that a watch expired": {
    what: "a watch that is too old goes on from now instead of listing anew",
    breaks: ["L1", "L2", "L3"],
    limits: { faults: ["F4", "F1"] },
    tampering: onStore((store) => ({
      watch: <T extends Resource>(kind: Kind<T>, options: WatchOptions) => watchFromNow(store, kind, options),
    })),
  },
  "confirm every doubtful deletion": {
    what: "what the guard of a folder holds back is taken for confirmed",
    breaks: ["S9"],
    limits: { faults: ["F14"] },
    tampering: onStore((store) => ({
      get: async <T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> => {
        const found = await store.get(kind, key);
        if (found === undefined || kind.kind !== SourceKind.kind) return found;
        const source = await store.get(SourceKind, key);
        const hash = source?.status?.pendingPrune?.planHash;
        if (hash === undefined) return found;
        const annotations = { ...found.metadata.annotations, [confirmPruneAnnotation]: hash };
        return { ...found, metadata: { ...found.metadata, annotations } };
      },
    })),
  },
  "commit without fsync": {
    what: "writes are acknowledged before the disk was asked to keep them",
    breaks: ["D1"],
    tampering: () => ({
      journal: (journal) => ({
        append: (events) => journal.append(events),
        sync: async () => {},
        read: (since, until, limit) => journal.read(since, until, limit),
        compact: (from, to) => journal.compact(from, to),
        close: () => journal.close(),
      }),
    }),
  },
  "begin from an old copy": {
    what: "the store that is opened after a crash lacks the newest writes, and reuses their revisions",
    breaks: ["D1", "D2"],
    limits: { replicas: 1, faults: ["F1"] },
    tampering: () => ({ opening: (world) => world.disk.rewind(2) }),
  },
  "act without looking at the lease": {
    what: "who once led goes on as if it still did",
    breaks: ["S7"],
    limits: { replicas: 3, faults: ["F6", "F12"] },
    tampering: () => ({ leads: () => true }),
  },
  "trust the wall clock for the lease": {
    what: "how long the lead lasts is counted on the wall clock alone",
    breaks: ["S7"],
    limits: { replicas: 3, faults: ["F6", "F8", "F12"] },
    tampering: () => ({
      election: (options) => {
        const { clock } = options;
        const wall = {
          now: () => clock.now(),
          monotonic: () => clock.now(),
          after: clock.after.bind(clock),
          sleep: clock.sleep.bind(clock),
          yield: clock.yield.bind(clock),
          drained: clock.drained.bind(clock),
        };
        return { ...options, clock: wall };
      },
    }),
  },
  "forget what was promised": {
    what: "hosts are chosen without looking at the room that is left on them",
    breaks: ["S4"],
    limits: { hosts: 1, machines: 20 },
    tampering: () => ({
      parts: (options) => ({
        ...options,
        profile: {
          ...options.profile,
          filters: options.profile.filters.filter(({ name }) => name !== "ResourcesFit"),
        },
      }),
    }),
  },
  "try again without a pause": {
    what: "no wait is longer than a tenth of a second",
    breaks: ["L2", "L6"],
    limits: { hosts: 1, machines: 2, replicas: 1 },
    tampering: () => ({
      parts: (options) => {
        const { clock } = options;
        const hasty = {
          now: () => clock.now(),
          monotonic: () => clock.monotonic(),
          after: (delayMs: number, run: () => void) => clock.after(Math.min(delayMs, 100), run),
          sleep: (delayMs: number, signal?: AbortSignal) => clock.sleep(Math.min(delayMs, 100), signal),
          yield: () => clock.yield(),
          drained: () => clock.drained(),
        };
        return { ...options, clock: hasty };
      },
    }),
  },
};

/** A controller whose way to the store is changed. */
export function onStore(change: (store: Store, options: PartsOptions) => Partial<Store>): () => Tampering {
  return () => ({
    parts: (options) => {
      const changed = change(options.store, options);
      const store = new Proxy(options.store, {
        get: (target, property) => {
          const own: unknown = Reflect.get(changed, property, changed);
          if (own !== undefined) return own;
          const value: unknown = Reflect.get(target, property, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      return { ...options, store };
    },
  });
}

async function* watchFromNow<T extends Resource>(
  store: Store,
  kind: Kind<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const { since: _, ...rest } = options;
  try {
    yield* store.watch(kind, options);
  } catch (error) {
    if (!hasReason(error, "Expired")) throw error;
    yield* store.watch(kind, rest);
  }
}
