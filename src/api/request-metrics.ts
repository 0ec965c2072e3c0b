import { type Counter, durationBuckets, type Histogram, type Metrics } from "../runtime/metrics.ts";

/** One request that has been answered. */
export interface AnsweredRequest {
  readonly method: string;
  readonly code: number;
  readonly watch: boolean;
  readonly elapsedMs: number;
}

/** Counts and times requests. */
export class RequestMetrics {
  readonly #metrics: Metrics;
  readonly #counters = new Map<string, Counter>();
  readonly #durations = new Map<string, Histogram>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** A watch is counted but not timed: its length says nothing. */
  record({ method, code, watch, elapsedMs }: AnsweredRequest): void {
    const verb = watch ? "WATCH" : method;
    this.#counter(verb, String(code)).add();
    if (!watch) this.#duration(verb).observe(elapsedMs / 1000);
  }

  #counter(verb: string, code: string): Counter {
    const info = { name: "ostler_api_requests_total", help: "Requests answered, by method and code." };
    return known(this.#counters, `${verb} ${code}`, () => this.#metrics.counter(info, { verb, code }));
  }

  #duration(verb: string): Histogram {
    const info = {
      name: "ostler_api_request_duration_seconds",
      help: "Time from request to answer.",
      buckets: durationBuckets,
    };
    return known(this.#durations, verb, () => this.#metrics.histogram(info, { verb }));
  }
}

function known<T>(made: Map<string, T>, key: string, make: () => T): T {
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}
