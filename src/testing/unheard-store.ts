import { StatusError } from "../runtime/errors.ts";
import type { Store } from "../store/store.ts";

/** A store of which nobody hears whether it has written a status, which it has, while `isUnheard`. */
export function unheardStore(store: Store, isUnheard: () => boolean): Store {
  return new Proxy(store, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (property !== "updateStatus") return typeof value === "function" ? value.bind(target) : value;
      return async (...args: Parameters<Store["updateStatus"]>) => {
        const written = await target.updateStatus(...args);
        if (isUnheard()) throw new StatusError("Timeout", "no answer from the store");
        return written;
      };
    },
  });
}
