import type { Clock } from "../runtime/clock.ts";
import type { Kind } from "../schema/kind.ts";
import type { Store } from "../store/store.ts";

/** How late a controller hears of objects of one kind, and how long its writes of them are under way. */
export interface Lag {
  watchMs: number;
  writeMs: number;
}

/** A store as seen over a slow line, for one kind. */
export function laggingStore(store: Store, kind: Kind, lag: Lag, clock: () => Clock): Store {
  return new Proxy(store, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        const perform = (): unknown => Reflect.apply(value, target, args);
        if (args[0] !== kind) return perform();
        if (property === "updateStatus" && lag.writeMs > 0) return clock().sleep(lag.writeMs).then(perform);
        return property === "watch" ? late(perform(), lag, clock) : perform();
      };
    },
  });
}

async function* late(
  events: unknown,
  lag: Lag,
  clock: () => Clock,
): AsyncGenerator<unknown, void, undefined> {
  if (typeof events !== "object" || events === null || !(Symbol.asyncIterator in events)) return;
  for await (const event of events as AsyncIterable<unknown>) {
    if (lag.watchMs > 0) await clock().sleep(lag.watchMs);
    yield event;
  }
}
