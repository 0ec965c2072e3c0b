import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { processHeap, spareMemory } from "./spare-memory.ts";

const megabyte = 1024 * 1024;

/** A heap of which a part is garbage, in a process that is as busy as is told. */
class SomeHeap {
  live = 40 * megabyte;
  garbage = 20 * megabyte;
  busyMs = 0;
  collected = 0;

  usedBytes(): number {
    return this.live + this.garbage;
  }

  collect(): void {
    this.garbage = 0;
    this.collected += 1;
  }

  cpuMs(): number {
    return this.busyMs;
  }
}

t.test("what a burst has left is given back once it is over, and not before", async (t) => {
  const clock = new ManualClock();
  const heap = new SomeHeap();
  const ending = new AbortController();
  const running = spareMemory(heap, clock, ending.signal);
  await clock.advance(5000);
  t.equal(heap.collected, 1, "what a start has left");
  heap.garbage = 39 * megabyte;
  await clock.advance(290_000);
  t.equal(heap.collected, 1, "a little garbage is left alone");
  heap.live = 60 * megabyte;
  heap.garbage = 40 * megabyte;
  for (let look = 0; look < 10; look += 1) {
    heap.busyMs += 1000;
    await clock.advance(5000);
  }
  t.equal(heap.collected, 1, "nobody is held up while there is work");
  heap.busyMs += 200;
  await clock.advance(5000);
  t.equal(heap.collected, 2);
  heap.garbage = 59 * megabyte;
  await clock.advance(100_000);
  t.equal(heap.collected, 2);
  heap.garbage = 61 * megabyte;
  await clock.advance(5000);
  t.equal(heap.collected, 3, "twice as much is given back at once");
  heap.garbage = 16 * megabyte;
  await clock.advance(290_000);
  t.equal(heap.collected, 3);
  await clock.advance(10_000);
  t.equal(heap.collected, 4, "less is after a while");
  heap.live = 300 * megabyte;
  await clock.advance(600_000);
  t.equal(heap.collected, 4, "what would take long is not done");
  ending.abort();
  await running;
  t.equal(clock.pendingTimers, 0);
});

t.test("the heap of this process is there when its collector is", async (t) => {
  const heap = processHeap();
  if (globalThis.gc === undefined) t.equal(heap, undefined);
  else t.ok(heap !== undefined && heap.usedBytes() > megabyte && heap.cpuMs() > 0);
});
