import { StatusError } from "../../runtime/errors.ts";
import type { SimStoreOptions } from "./sim-store.ts";

/** What came, in order; the reader waits for more. */
class Arrivals<T> {
  readonly #items: T[] = [];
  #end: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};

  push(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  end(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *read(): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#end !== undefined) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** A stream that is cut is noticed by its silence. */
const silenceMs = 30_000;

/**
 * What a watch tells, as the process gets to see it: always in order, perhaps late, perhaps to a point only.
 */
export async function* watchThrough<T>(
  events: AsyncIterable<T>,
  options: SimStoreOptions,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const { network, frozen, process, faults, stream } = options;
  const seen = network === undefined ? events : overNetwork(events, options, signal);
  for await (const event of seen) {
    for (let views = frozen(); views !== undefined; views = frozen()) {
      await views.thawed;
      if (signal.aborted) return;
      // Who has not kept up for so long may find that what comes next is gone.
      if (views.skips || faults.strikes("F4", stream, 0.3, "a watch that stood still has expired")) {
        throw new StatusError("Expired", "the watcher is too far behind (simulated); list again");
      }
    }
    if (!process.isAlive) return;
    yield event;
  }
}

async function* overNetwork<T>(
  events: AsyncIterable<T>,
  { network, process, time }: SimStoreOptions,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const arrivals = new Arrivals<T>();
  const lost = (): void => arrivals.end(new StatusError("ServiceUnavailable", "the watch was cut"));
  const isCut = (): boolean => network?.isCut("store", process.name) === true;
  let arriveAt = 0;
  let cutAt: number | undefined;
  const unwatch = network?.watch(() => {
    cutAt = isCut() ? (cutAt ?? time.elapsedMs) : undefined;
    if (cutAt === undefined) return;
    const since = cutAt;
    process.clock.after(silenceMs, () => {
      if (cutAt === since) lost();
    });
  });
  const onAbort = (): void => arrivals.end(undefined);
  signal.addEventListener("abort", onAbort);
  const pump = async (): Promise<void> => {
    try {
      for await (const event of events) {
        if (isCut()) {
          // What TCP cannot bring holds up all that follows; whoever watches on starts where this ended.
          process.clock.after(silenceMs, lost);
          return;
        }
        arriveAt = Math.max(time.elapsedMs, arriveAt) + 0.01;
        time.schedule(arriveAt - time.elapsedMs, () => process.deliver(() => arrivals.push(event)));
      }
      arrivals.end(undefined);
    } catch (error) {
      process.deliver(() => arrivals.end(error));
    }
  };
  void pump();
  try {
    yield* arrivals.read();
  } finally {
    unwatch?.();
    signal.removeEventListener("abort", onAbort);
  }
}
