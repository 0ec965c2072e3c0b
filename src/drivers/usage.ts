/** What a guest has used, as its host counts it. */
export interface DomainUsage {
  readonly uid: string;
  /** CPU time of its process since that began. */
  readonly cpuTimeMs: number;
  /** What it has been given of the host's memory. */
  readonly memoryBytes: number;
}

/** What a host and its guests have used. */
export interface HostUsage {
  /** Absent where the hypervisor does not count. */
  readonly host?: {
    /** Time that its CPUs were not idle, all together, since the host began. */
    readonly cpuTimeMs: number;
    /** Memory that is neither free nor a cache that could be. */
    readonly memoryBytes: number;
  };
  /** Of domains that run, ours or not. */
  readonly domains: readonly DomainUsage[];
}
