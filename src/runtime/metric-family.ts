import { StatusError } from "./errors.ts";

type Labels = Readonly<Record<string, string>>;

/** One number. */
export interface Single {
  value: number;
}

/** How many of the numbers that were observed are at most as large as each bound, and their sum. */
class Distribution {
  readonly #bounds: readonly number[];
  /** One more than there are bounds: the last is for what is beyond. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    const { length } = this.#bounds;
    let place = 0;
    while (place < length && value > (this.#bounds[place] ?? 0)) place += 1;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sum += value;
  }

  lines(name: string, labels: Labels): readonly string[] {
    let count = 0;
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, place) => {
      count += this.#counts[place] ?? 0;
      return line(`${name}_bucket`, { le: numberText(bound), ...labels }, count);
    });
    return [...buckets, line(`${name}_sum`, labels, this.#sum), line(`${name}_count`, labels, count)];
  }
}

/** A metric with all its series, in the order in which they came. They all have the same label names. */
export class MetricFamily {
  readonly type: "counter" | "gauge" | "histogram";
  readonly #name: string;
  readonly #help: string;
  readonly #labelNames: readonly string[];
  readonly #singles = new Map<string, { readonly labels: Labels; readonly series: Single }>();
  readonly #distributions = new Map<string, { readonly labels: Labels; readonly series: Distribution }>();

  constructor(
    { name, help }: { readonly name: string; readonly help: string },
    type: MetricFamily["type"],
    labelNames: readonly string[],
  ) {
    this.type = type;
    this.#name = name;
    this.#help = help;
    this.#labelNames = labelNames;
  }

  /** Throws unless these are the names of its labels. */
  requireLabels(names: readonly string[]): void {
    const { length } = this.#labelNames;
    if (names.length === length && names.every((name) => this.#labelNames.includes(name))) return;
    const message = `metric ${this.#name} has the labels ${this.#labelNames}, not ${names}`;
    throw new StatusError("InternalError", message);
  }

  /** The number with these labels, which is zero at first. */
  single(labels: Labels): Single {
    return seriesOf(this.#singles, labels, () => ({ value: 0 }));
  }

  distribution(labels: Labels, bounds: readonly number[]): Distribution {
    return seriesOf(this.#distributions, labels, () => new Distribution(bounds));
  }

  /** All numbers are gone. */
  clear(): void {
    this.#singles.clear();
  }

  /** Everything in Prometheus' text format, each line with its end. */
  render(): string {
    const name = this.#name;
    const singles = [...this.#singles.values()].map(({ labels, series }) => line(name, labels, series.value));
    const others = [...this.#distributions.values()].flatMap(({ labels, series }) =>
      series.lines(name, labels),
    );
    const help = this.#help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
    const head = [`# HELP ${name} ${help}`, `# TYPE ${name} ${this.type}`];
    return [...head, ...singles, ...others].map((text) => `${text}\n`).join("");
  }
}

function seriesOf<T>(
  known: Map<string, { readonly labels: Labels; readonly series: T }>,
  labels: Labels,
  create: () => T,
): T {
  const key = labelText(Object.fromEntries(Object.entries(labels).sort()));
  const entry = known.get(key) ?? { labels, series: create() };
  known.set(key, entry);
  return entry.series;
}

function line(name: string, labels: Labels, value: number): string {
  return `${name}${labelText(labels)} ${numberText(value)}`;
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
