import { pause } from "./abort.ts";
import type { Clock } from "./clock.ts";

/** The heap of this process, and what the process does. */
export interface Heap {
  /** What is in use, garbage that has not been found yet included. */
  usedBytes(): number;
  /** Finds all garbage and gives its memory back; holds up everything, for 300 ms where 100 MB are in use. */
  collect(): void;
  /** Time of a core that the process has taken so far. */
  cpuMs(): number;
}

const lookMs = 5000;

/** What a process that waits for work takes of a core at most. */
const quietShare = 0.1;

/** What it is done for: twice as much as after the last time, or a quarter more after a while. */
const worth = { leastBytes: 16 * 1024 * 1024, share: 1, laterShare: 0.25, laterMs: 300_000 } as const;

/** A larger heap would be held up for too long. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Gives back what a burst of work has left, once it is over, until the signal ends it. V8 does so by itself
 * only where next to nothing goes on: a controller that looks at its hosts now and then keeps its garbage for
 * hours.
 */
export async function spareMemory(heap: Heap, clock: Clock, signal: AbortSignal): Promise<void> {
  let last = { at: clock.monotonic(), bytes: 0 };
  while (!signal.aborted) {
    const [at, cpuMs] = [clock.monotonic(), heap.cpuMs()];
    await pause(clock, lookMs, signal);
    const now = clock.monotonic();
    const isQuiet = heap.cpuMs() - cpuMs <= quietShare * (now - at);
    const bytes = heap.usedBytes();
    const share = now - last.at < worth.laterMs ? worth.share : worth.laterShare;
    const isWorth = bytes - last.bytes >= Math.max(worth.leastBytes, last.bytes * share);
    if (signal.aborted || !isQuiet || !isWorth || bytes > mostBytes) continue;
    heap.collect();
    last = { at: now, bytes: heap.usedBytes() };
  }
}

/** The heap of this process; undefined where Node was started without `--expose-gc`. */
export function processHeap(): Heap | undefined {
  const { gc } = globalThis;
  if (gc === undefined) return undefined;
  return {
    usedBytes: () => process.memoryUsage().heapUsed,
    collect: () => void gc({ type: "major", flavor: "last-resort", execution: "sync" }),
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
  };
}
