/** What was used over a stretch of time: CPUs that were busy on average, and memory at its end. */
export interface Used {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** What one host and its guests used. */
export interface MeasuredHost {
  readonly hostName: string;
  /** When the stretch that was measured ended, in milliseconds since the epoch, and how long it was. */
  readonly endedAt: number;
  readonly windowMs: number;
  /** Absent where the host does not count. */
  readonly host?: Used;
  /** By the machine's uid: guests that ran from the beginning of the stretch to its end. */
  readonly guests: ReadonlyMap<string, Used>;
}
