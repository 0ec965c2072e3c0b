import { hasReason } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import { formatKey, type ObjectKey, type Resource } from "../../schema/meta.ts";
import type { Store, WatchEvent, WatchOptions, WriteOptions } from "../../store/store.ts";
import { interceptDriver } from "../intercept-driver.ts";
import type { Mutant } from "./mutants.ts";
import type { Tampering } from "./replica.ts";
import type { World } from "./world.ts";

/** Planted bugs in what watches tell and reads answer, and in whose turn it is. */
export const readMutants: Readonly<Record<string, Mutant>> = {
  "leave out an event": {
    what: "of every fifty events of a watch one is not told",
    breaks: ["D3"],
    tampering: onStore((store) => ({
      watch: <T extends Resource>(kind: Kind<T>, options: WatchOptions) =>
        withGaps(store.watch(kind, options)),
    })),
  },
  "go on one event too late": {
    what: "a watch that is resumed begins after the event that would be next",
    breaks: ["D3"],
    limits: { faults: ["F1", "F4"] },
    tampering: onStore((store, { audit }) => ({
      watch: <T extends Resource>(kind: Kind<T>, options: WatchOptions) => {
        const since = Number(options.since);
        // A revision that was never reached would be refused.
        return store.watch(kind, since < audit.revision ? { ...options, since: String(since + 1) } : options);
      },
    })),
  },
  "read from a copy that lags": {
    what: "an object that was read is read from a copy for a tenth of a second",
    breaks: ["D4"],
    tampering: onStore((store, world) => {
      const copies = new Map<string, { readonly found: unknown; readonly atMs: number }>();
      return {
        get: async <T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> => {
          const name = `${kind.kind} ${formatKey(key)}`;
          const copy = copies.get(name);
          // What is under this name is of that kind.
          if (copy !== undefined && world.time.elapsedMs - copy.atMs < 100)
            return copy.found as T | undefined;
          const found = await store.get(kind, key);
          copies.set(name, { found, atMs: world.time.elapsedMs });
          return found;
        },
      };
    }),
  },
  "write over what was not seen": {
    what: "a write that conflicts is made again over whatever is there now",
    breaks: ["D4"],
    tampering: onStore((store) => ({
      updateStatus: async <T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions) => {
        try {
          return await store.updateStatus(kind, resource, options);
        } catch (error) {
          if (!hasReason(error, "Conflict")) throw error;
          const { resourceVersion: _, ...metadata } = resource.metadata;
          return store.updateStatus(kind, { ...resource, metadata }, options);
        }
      },
    })),
  },
  "rest between two items": {
    what: "whoever lets others run between two items of a queue goes on a minute later",
    breaks: ["L4"],
    limits: { hosts: 2, machines: 4 },
    tampering: () => ({
      parts: (options) => {
        const { clock } = options;
        const lazy = {
          now: () => clock.now(),
          monotonic: () => clock.monotonic(),
          after: clock.after.bind(clock),
          sleep: clock.sleep.bind(clock),
          yield: () => clock.sleep(60_000),
          drained: () => clock.sleep(60_000),
        };
        return { ...options, clock: lazy };
      },
    }),
  },
  "ask one host after the other": {
    what: "a call to a host waits until the call before it, to whichever host, has ended",
    breaks: ["L4"],
    limits: { hosts: 4, machines: 8 },
    tampering: () => ({
      parts: (options) => {
        let last: Promise<unknown> = Promise.resolve();
        const driver = interceptDriver(options.driver, (_, perform) => {
          const turn = last.then(perform);
          last = turn.catch(() => undefined);
          return turn;
        });
        return { ...options, driver };
      },
    }),
  },
};

function onStore(change: (store: Store, world: World) => Partial<Store>): () => Tampering {
  return () => ({
    store: (store, world) => {
      const changed = change(store, world);
      return new Proxy(store, {
        get: (target, property) => {
          const own: unknown = Reflect.get(changed, property, changed);
          if (own !== undefined) return own;
          const value: unknown = Reflect.get(target, property, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  });
}

async function* withGaps<T>(events: AsyncIterable<WatchEvent<T>>): AsyncGenerator<WatchEvent<T>> {
  let told = 0;
  for await (const event of events) {
    told += 1;
    if (event.type === "BOOKMARK" || told % 50 !== 0) yield event;
  }
}
