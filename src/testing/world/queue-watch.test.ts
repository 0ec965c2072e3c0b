import t from "tap";
import { ControllerMetrics } from "../../reconciler/controller-metrics.ts";
import { WorkQueue } from "../../reconciler/queue.ts";
import { Process } from "./process.ts";
import { QueueWatch } from "./queue-watch.ts";
import { SimClock } from "./sim-clock.ts";
import { uploadDeadlineMs } from "./sim-link.ts";
import { streamOf } from "./stream.ts";

function newQueue() {
  const time = new SimClock(streamOf(1, "scheduling"));
  const process = new Process({ name: "p", time });
  const breaches: string[] = [];
  const complain = (id: string, what: string) => void breaches.push(`${id} ${what}`);
  const watch = new QueueWatch({ complain, now: () => time.elapsedMs });
  const observer = new ControllerMetrics(watch.metricsOf(process), "q");
  const queue = new WorkQueue<string>({ clock: process.clock, keyOf: (item) => item, observer });
  observer.watch(queue);
  return { time, process, breaches, watch, queue };
}

const late = 'L4 an item of the queue "q" has waited 2000 ms';

t.test("what is taken late is a breach, once all has been well for a while", async (t) => {
  const { time, breaches, watch, queue } = newQueue();
  for (const isCalm of [false, true]) {
    if (isCalm) watch.calm();
    await time.runFor(120_000);
    queue.add("a");
    await time.runFor(2_000);
    queue.done((await queue.get()) ?? "");
    t.strictSame(breaches, isCalm ? [late] : []);
  }
});

t.test("who waits for an upload that was lost in the trouble waits for no fault of the queue", async (t) => {
  const { time, breaches, watch, queue } = newQueue();
  watch.calm();
  await time.runFor(9_000);
  queue.add("a");
  await time.runFor(1.006 * uploadDeadlineMs - 9_000);
  queue.done((await queue.get()) ?? "");
  t.strictSame(breaches, []);
});

t.test("so is what nobody takes, unless its process is dead", async (t) => {
  const { time, process, breaches, watch, queue } = newQueue();
  watch.calm();
  await time.runFor(120_000);
  queue.add("a");
  await time.runFor(2_000);
  watch.look();
  t.strictSame(breaches, [late]);
  process.kill();
  watch.look();
  t.equal(breaches.length, 1);
});

t.test("in trouble there is more patience, but not for ever", async (t) => {
  const { time, breaches, watch, queue } = newQueue();
  watch.calm();
  watch.trouble();
  queue.add("a");
  await time.runFor(299_000);
  watch.look();
  t.strictSame(breaches, []);
  await time.runFor(2_000);
  watch.look();
  t.strictSame(breaches, ['L4 an item of the queue "q" has waited 301000 ms']);
});
