import type { HostConnection } from "../../drivers/driver.ts";
import type { Clock } from "../../runtime/clock.ts";
import { hasReason, messageOf } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Accelerator } from "../../schema/host.ts";

type Probe =
  | { readonly state: "asking" }
  | { readonly state: "answered"; readonly works: boolean }
  | { readonly state: "failed"; readonly againAtMs: number };

export interface AcceleratorProbesOptions {
  readonly clock: Clock;
  /** Whether anything may be changed on hosts: a probe guest is a domain. */
  readonly mayAct: () => boolean;
  /** Asks for another look at a host, after a while. */
  readonly enqueue: (hostName: string, delayMs: number) => void;
}

const probeAgainMs = 10_000;

/** Lets probe guests run, one for each connection, and keeps what they found. */
export class AcceleratorProbes {
  readonly #options: AcceleratorProbesOptions;
  readonly #probes = new WeakMap<HostConnection, Probe>();

  constructor(options: AcceleratorProbesOptions) {
    this.#options = options;
  }

  /** Whether a guest has run on this connection; undefined when that is not known yet. */
  answer(connection: HostConnection): boolean | undefined {
    const probe = this.#probes.get(connection);
    return probe?.state === "answered" ? probe.works : undefined;
  }

  /**
   * Begins a probe if it may, unless one is out or has just failed. The host is looked at again when it has
   * ended.
   */
  begin(hostName: string, connection: HostConnection, accelerator: Accelerator, logger: Logger): void {
    if (!this.#options.mayAct()) return;
    const probe = this.#probes.get(connection);
    const mayBegin =
      probe === undefined || (probe.state === "failed" && probe.againAtMs <= this.#options.clock.monotonic());
    if (mayBegin) void this.#probe(hostName, connection, accelerator, logger);
  }

  async #probe(
    hostName: string,
    connection: HostConnection,
    accelerator: Accelerator,
    logger: Logger,
  ): Promise<void> {
    const { clock, enqueue } = this.#options;
    this.#probes.set(connection, { state: "asking" });
    const lost = new AbortController();
    void connection.closed.then((error) => lost.abort(error));
    try {
      const works = await connection.probeAccelerator(accelerator, lost.signal);
      this.#probes.set(connection, { state: "answered", works });
      logger.info("accelerator probed", { accelerator, works });
      enqueue(hostName, 0);
    } catch (error) {
      logger.warn("accelerator probe failed", { accelerator, error: messageOf(error) });
      // That it could not be tried says nothing about whether it works.
      const cannot = hasReason(error, "Unsupported");
      const againAtMs = clock.monotonic() + probeAgainMs;
      const ended: Probe = cannot ? { state: "answered", works: false } : { state: "failed", againAtMs };
      this.#probes.set(connection, ended);
      if (!lost.signal.aborted) enqueue(hostName, cannot ? 0 : probeAgainMs);
    }
  }
}
