import * as fc from "fast-check";
import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { WorkQueue } from "./queue.ts";

function createQueue(clock = new ManualClock()): WorkQueue<string> {
  return new WorkQueue<string>({ clock, keyOf: (item) => item });
}

t.test("first come, first served", async (t) => {
  const queue = createQueue();
  for (const item of ["a", "b", "c"]) queue.add(item);
  t.equal(queue.depth, 3);
  t.strictSame([await queue.get(), await queue.get(), await queue.get()], ["a", "b", "c"]);
});

t.test("adding what already waits changes nothing", async (t) => {
  const queue = createQueue();
  queue.add("a");
  queue.add("b");
  queue.add("a");
  t.equal(queue.depth, 2);
});

t.test("what is added while in work is handed out once more, after the work is done", async (t) => {
  const queue = createQueue();
  queue.add("a");
  const item = await queue.get();
  queue.add("a");
  queue.add("a");
  t.equal(queue.depth, 0, "not handed to a second worker");
  queue.done(item ?? "");
  t.equal(queue.depth, 1);
  t.equal(await queue.get(), "a");
  queue.done("a");
  t.equal(queue.depth, 0);
});

t.test("a waiting worker is woken by an add", async (t) => {
  const queue = createQueue();
  const first = queue.get();
  const second = queue.get();
  queue.add("a");
  queue.add("b");
  t.strictSame(await Promise.all([first, second]), ["a", "b"]);
});

t.test("items are the same when their keys are", async (t) => {
  const queue = new WorkQueue<{ name: string }>({ clock: new ManualClock(), keyOf: (item) => item.name });
  queue.add({ name: "a" });
  queue.add({ name: "a" });
  t.equal(queue.depth, 1);
});

t.test("after shutDown nothing is accepted, and what waits is still handed out", async (t) => {
  const queue = createQueue();
  queue.add("a");
  queue.shutDown();
  queue.add("b");
  t.equal(await queue.get(), "a");
  t.equal(await queue.get(), undefined);
});

t.test("shutDown wakes the workers that wait", async (t) => {
  const queue = createQueue();
  const waiting = [queue.get(), queue.get()];
  queue.shutDown();
  t.strictSame(await Promise.all(waiting), [undefined, undefined]);
});

t.test("draining waits for the work in progress and for what was added to it", async (t) => {
  const queue = createQueue();
  queue.add("a");
  await queue.get();
  queue.add("a");
  let drained = false;
  const draining = queue.shutDownAndDrain().then(() => {
    drained = true;
  });
  queue.done("a");
  await Promise.resolve();
  t.notOk(drained, "the second look is due");
  t.equal(await queue.get(), "a");
  queue.done("a");
  await draining;
  t.ok(drained);
});

t.test("draining an idle queue is immediate", async (t) => {
  await createQueue().shutDownAndDrain();
  t.pass();
});

t.test("done for what is not in work is ignored", async (t) => {
  const queue = createQueue();
  queue.done("a");
  queue.add("a");
  queue.done("a");
  t.equal(queue.depth, 1);
});

t.test("the observer sees adds, waiting and work", async (t) => {
  const clock = new ManualClock();
  const seen: string[] = [];
  const queue = new WorkQueue<string>({
    clock,
    keyOf: (item) => item,
    observer: {
      added: () => seen.push("added"),
      taken: (ms) => seen.push(`taken after ${ms}`),
      finished: (ms) => seen.push(`finished after ${ms}`),
      retried: () => seen.push("retried"),
    },
  });
  queue.add("a");
  queue.add("a");
  await clock.advance(30);
  t.equal(queue.oldestWaitMs, 30);
  await queue.get();
  t.equal(queue.oldestWaitMs, 0);
  await clock.advance(12);
  t.equal(queue.longestWorkMs, 12);
  queue.done("a");
  t.equal(queue.longestWorkMs, 0);
  t.strictSame(seen, ["added", "taken after 30", "finished after 12"]);
});

t.test("a long queue is drained in order", async (t) => {
  const queue = createQueue();
  const items = Array.from({ length: 20_000 }, (_, index) => `item-${index}`);
  for (const item of items) queue.add(item);
  const taken: (string | undefined)[] = [];
  for (const _ of items) {
    const item = await queue.get();
    taken.push(item);
    queue.done(item ?? "");
  }
  t.strictSame(taken, items);
});

t.test("no key is in two hands, and after every add there is a look", async () => {
  const step = fc.record({ key: fc.constantFrom("a", "b", "c", "d"), pause: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat(4), { minLength: 1 }),
      async (steps, workers, workLengths) => {
        const queue = createQueue();
        const inWork = new Set<string>();
        const lastAdd = new Map<string, number>();
        const lastLook = new Map<string, number>();
        let moment = 0;
        const work = async (): Promise<void> => {
          for (let item = await queue.get(); item !== undefined; item = await queue.get()) {
            if (inWork.has(item)) throw new Error(`${item} is in two hands`);
            inWork.add(item);
            moment += 1;
            lastLook.set(item, moment);
            await pause(workLengths[moment % workLengths.length] ?? 0);
            inWork.delete(item);
            queue.done(item);
          }
        };
        const running = Array.from({ length: workers }, work);
        for (const { key, pause: length } of steps) {
          moment += 1;
          lastAdd.set(key, moment);
          queue.add(key);
          await pause(length);
        }
        await queue.shutDownAndDrain();
        await Promise.all(running);
        for (const [key, added] of lastAdd) {
          if ((lastLook.get(key) ?? 0) < added) throw new Error(`the last add of ${key} was lost`);
        }
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});

async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}
