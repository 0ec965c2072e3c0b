import { MetricFamily } from "./metric-family.ts";

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
  return new Registry();
}

class Registry implements Metrics {
  readonly #families = new Map<string, MetricFamily>();
  /** Bring up to date what is read only when somebody looks. */
  readonly #refreshes: (() => void)[] = [];

  counter(info: MetricInfo, labels: Labels = {}): Counter {
    const series = this.#family(info, "counter", labels).single(labels);
    return {
      add(amount = 1): void {
        series.value += amount;
      },
    };
  }

  gauge(info: MetricInfo, labels: Labels = {}): Gauge {
    const series = this.#family(info, "gauge", labels).single(labels);
    return {
      set(value): void {
        series.value = value;
      },
    };
  }

  watchedGauge(info: MetricInfo, labels: Labels, read: () => number): void {
    const gauge = this.gauge(info, labels);
    this.#refreshes.push(() => gauge.set(read()));
  }

  watchedFamily(
    { type, label, ...info }: FamilyInfo,
    read: () => Iterable<readonly [labelValue: string, value: number]>,
  ): void {
    const family = this.#family(info, type, { [label]: "" });
    this.#refreshes.push(() => {
      family.clear();
      for (const [labelValue, value] of read()) family.single({ [label]: labelValue }).value += value;
    });
  }

  histogram({ buckets, ...info }: HistogramInfo, labels: Labels = {}): Histogram {
    return this.#family(info, "histogram", labels).distribution(labels, buckets);
  }

  async render(): Promise<string> {
    for (const refresh of this.#refreshes) refresh();
    return [...this.#families.values()].map((family) => family.render()).join("\n");
  }

  #family(info: MetricInfo, type: MetricFamily["type"], labels: Labels): MetricFamily {
    const family = this.#families.get(info.name) ?? new MetricFamily(info, type, Object.keys(labels));
    family.requireLabels(Object.keys(labels));
    this.#families.set(info.name, family);
    return family;
  }
}
