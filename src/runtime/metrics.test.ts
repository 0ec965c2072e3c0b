import t from "tap";
import { createMetrics, silentMetrics } from "./metrics.ts";

t.test("counters, gauges and histograms are rendered with their labels", async (t) => {
  const metrics = createMetrics();
  const info = { name: "things_total", help: "Things." };
  metrics.counter(info, { kind: "a" }).add();
  metrics.counter(info, { kind: "a" }).add(2);
  metrics.counter(info, { kind: "b" }).add();
  metrics.gauge({ name: "depth", help: "Depth." }).set(7);
  const seconds = { name: "wait_seconds", help: "Waiting.", buckets: [1, 10] };
  metrics.histogram(seconds).observe(5);
  const text = await metrics.render();
  for (const line of [
    "# HELP things_total Things.",
    "# TYPE things_total counter",
    'things_total{kind="a"} 3',
    'things_total{kind="b"} 1',
    "depth 7",
    'wait_seconds_bucket{le="1"} 0',
    'wait_seconds_bucket{le="10"} 1',
    "wait_seconds_sum 5",
  ]) {
    t.ok(text.split("\n").includes(line), line);
  }
});

t.test("a watched gauge is read when somebody looks", async (t) => {
  const metrics = createMetrics();
  let value = 1;
  let reads = 0;
  metrics.watchedGauge({ name: "age_seconds", help: "Age." }, { name: "q" }, () => {
    reads += 1;
    return value;
  });
  t.equal(reads, 0);
  value = 42;
  t.match(await metrics.render(), 'age_seconds{name="q"} 42');
});

t.test("two registries do not share their numbers", async (t) => {
  const info = { name: "n_total", help: "N." };
  createMetrics().counter(info).add(5);
  const other = createMetrics();
  other.counter(info).add();
  t.match(await other.render(), "n_total 1");
});

t.test("a label name that the metric does not have is refused", async (t) => {
  const metrics = createMetrics();
  const info = { name: "n_total", help: "N." };
  metrics.counter(info, { a: "1" }).add();
  t.throws(() => metrics.counter(info, { b: "1" }).add());
});

t.test("silent metrics take everything and say nothing", async (t) => {
  silentMetrics.counter({ name: "a", help: "" }).add();
  silentMetrics.gauge({ name: "a", help: "" }).set(1);
  silentMetrics.histogram({ name: "a", help: "", buckets: [] }).observe(1);
  silentMetrics.watchedGauge({ name: "a", help: "" }, {}, () => Number.NaN);
  t.equal(await silentMetrics.render(), "");
});
