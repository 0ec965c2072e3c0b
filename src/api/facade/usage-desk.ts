/** What was used over a stretch of time. */
export interface Used {
  /** CPUs that were busy, on average. */
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
  /** By the machine's uid: guests that ran all the time. */
  readonly guests: ReadonlyMap<string, Used>;
}

/** Has hosts measured; those that do not answer in time are left out. */
export interface UsageDesk {
  measure(): Promise<readonly MeasuredHost[]>;
}
