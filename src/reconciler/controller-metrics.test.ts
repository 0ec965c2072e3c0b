import t from "tap";
import { createMetrics } from "../runtime/metrics.ts";
import { ControllerMetrics } from "./controller-metrics.ts";

t.test("waiting and work are measured in seconds", async (t) => {
  const metrics = createMetrics();
  const measured = new ControllerMetrics(metrics, "vm");
  measured.taken(1500);
  measured.finished(250);
  const lines = (await metrics.render()).split("\n");
  t.ok(lines.includes('workqueue_queue_duration_seconds_sum{name="vm"} 1.5'));
  t.ok(lines.includes('workqueue_work_duration_seconds_sum{name="vm"} 0.25'));
});

t.test("controllers share the metrics and differ in the label", async (t) => {
  const metrics = createMetrics();
  const queue = { depth: 3, oldestWaitMs: 0, longestWorkMs: 0 };
  new ControllerMetrics(metrics, "vm").watch(queue);
  new ControllerMetrics(metrics, "host").watch({ ...queue, depth: 4 });
  const lines = (await metrics.render()).split("\n");
  t.ok(lines.includes('workqueue_depth{name="vm"} 3'));
  t.ok(lines.includes('workqueue_depth{name="host"} 4'));
});
