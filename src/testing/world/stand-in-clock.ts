import type { Clock } from "../../runtime/clock.ts";
import { manualEpochMs } from "../manual-clock.ts";
import type { SimClock } from "./sim-clock.ts";

/** True time as a Clock: of hosts, guests and whatever else is not a controller. */
export function standInClock(time: SimClock): Clock {
  return {
    now: () => Math.floor(manualEpochMs + time.elapsedMs),
    monotonic: () => time.elapsedMs,
    after: (delayMs, run) => time.schedule(delayMs, run),
    sleep: (delayMs, signal) => {
      if (signal?.aborted) return Promise.reject(signal.reason);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = time.schedule(delayMs, resolve);
      signal?.addEventListener("abort", () => {
        timer.cancel();
        reject(signal.reason);
      });
      return promise;
    },
    yield: () => time.sleep(0),
    drained: () => time.sleep(0),
  };
}
