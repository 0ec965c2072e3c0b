// Some parts of prom-client: the whole brings a push gateway, clusters and OpenTelemetry, 80 files that
// every start would load.
import PromCounter from "prom-client/lib/counter.js";
import PromGauge from "prom-client/lib/gauge.js";
import PromHistogram from "prom-client/lib/histogram.js";
import PromRegistry from "prom-client/lib/registry.js";

/** Label values of one series. Few and bounded: of objects, only a Host's name. */
export type Labels = Readonly<Record<string, string>>;

/** A metric's name (Prometheus style, unit last) and one sentence of help. */
export interface MetricInfo {
  readonly name: string;
  readonly help: string;
}

export interface HistogramInfo extends MetricInfo {
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[];
}

export interface FamilyInfo extends MetricInfo {
  readonly type: "gauge" | "counter";
  readonly label: string;
}

/** Counts up from zero, which shows at once; `amount` is 1 when absent and never negative. */
export interface Counter {
  add(amount?: number): void;
}

export interface Gauge {
  set(value: number): void;
}

export interface Histogram {
  observe(value: number): void;
}

/**
 * Numbers about the running process, in Prometheus' words. Asking twice for one name gives the same metric;
 * all series of a metric have the same label names. Ask at start-up; the instruments are for hot paths.
 */
export interface Metrics {
  counter(info: MetricInfo, labels?: Labels): Counter;
  gauge(info: MetricInfo, labels?: Labels): Gauge;
  /** A gauge that is read only when somebody looks. */
  watchedGauge(info: MetricInfo, labels: Labels, read: () => number): void;
  /**
   * Numbers of things that come and go, by the value of one label, read only when somebody looks: what is no
   * longer told of is gone. A `counter` never goes down while its thing is there.
   */
  watchedFamily(info: FamilyInfo, read: () => Iterable<readonly [labelValue: string, value: number]>): void;
  histogram(info: HistogramInfo, labels?: Labels): Histogram;
  /** Everything, in Prometheus' text format 0.0.4. */
  render(): Promise<string>;
}

/** Bounds in seconds for things that take from a millisecond to a minute. */
export const durationBuckets: readonly number[] = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];

/** Measures nothing. For tests and tools. */
export const silentMetrics: Metrics = {
  counter: () => ({ add() {} }),
  gauge: () => ({ set() {} }),
  watchedGauge() {},
  watchedFamily() {},
  histogram: () => ({ observe() {} }),
  render: async () => "",
};

/** Metrics of a registry of their own. */
export function createMetrics(): Metrics {
  return new PromMetrics();
}

class PromMetrics implements Metrics {
  readonly #registry = new PromRegistry();
  readonly #counters = new Map<string, PromCounter>();
  readonly #gauges = new Map<string, PromGauge>();
  readonly #histograms = new Map<string, PromHistogram>();
  readonly #families: (() => void)[] = [];
  readonly #watched: { gauge: Gauge; read: () => number }[] = [];

  counter(info: MetricInfo, labels: Labels = {}): Counter {
    const counter = once(this.#counters, info.name, () => new PromCounter(this.#options(info, labels)));
    const series = counter.labels(labels);
    series.inc(0);
    return { add: (amount = 1) => series.inc(amount) };
  }

  gauge(info: MetricInfo, labels: Labels = {}): Gauge {
    const gauge = once(this.#gauges, info.name, () => new PromGauge(this.#options(info, labels)));
    const series = gauge.labels(labels);
    return { set: (value) => series.set(value) };
  }

  watchedGauge(info: MetricInfo, labels: Labels, read: () => number): void {
    this.#watched.push({ gauge: this.gauge(info, labels), read });
  }

  watchedFamily(
    { type, label, ...info }: FamilyInfo,
    read: () => Iterable<readonly [labelValue: string, value: number]>,
  ): void {
    const options = this.#options(info, { [label]: "" });
    const metric = type === "gauge" ? new PromGauge(options) : new PromCounter(options);
    this.#families.push(() => {
      metric.reset();
      for (const [labelValue, value] of read()) metric.labels({ [label]: labelValue }).inc(value);
    });
  }

  histogram(info: HistogramInfo, labels: Labels = {}): Histogram {
    const create = () => new PromHistogram({ ...this.#options(info, labels), buckets: [...info.buckets] });
    const series = once(this.#histograms, info.name, create).labels(labels);
    return { observe: (value) => series.observe(value) };
  }

  render(): Promise<string> {
    for (const { gauge, read } of this.#watched) gauge.set(read());
    for (const refresh of this.#families) refresh();
    return this.#registry.metrics();
  }

  #options(info: MetricInfo, labels: Labels) {
    return {
      name: info.name,
      help: info.help,
      labelNames: Object.keys(labels),
      registers: [this.#registry],
    };
  }
}

function once<T>(known: Map<string, T>, name: string, create: () => T): T {
  const metric = known.get(name) ?? create();
  known.set(name, metric);
  return metric;
}
