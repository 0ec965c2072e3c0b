import type { ConnectOptions, Driver, HostConnection } from "../driver.ts";
import { UnreachableError } from "../unreachable.ts";
import { FakeConnection } from "./fake-connection.ts";
import type { FakeHypervisor } from "./fake-hypervisor.ts";

/** How long a connection attempt may take when nobody answers. */
const connectDeadlineMs = 30_000;

/** Connects to hosts in memory: `fake://host-1`. */
export class FakeDriver implements Driver {
  readonly #hypervisor: FakeHypervisor;

  constructor(hypervisor: FakeHypervisor) {
    this.#hypervisor = hypervisor;
  }

  async connect({ uri, clusterId, signal }: ConnectOptions): Promise<HostConnection> {
    const name = /^fake:\/\/([a-z0-9.-]+)\/?$/.exec(uri)?.[1];
    const host = name === undefined ? undefined : this.#hypervisor.findHost(name);
    if (host === undefined) {
      throw new UnreachableError("NameNotResolved", `there is no fake host behind "${uri}"`);
    }
    const { clock } = this.#hypervisor;
    const silence = host.faults.frozen === undefined ? "Timeout" : "DaemonHung";
    const silent = !host.connected || host.faults.frozen !== undefined;
    const delayMs = silent ? connectDeadlineMs : host.faults.latencyMs;
    try {
      signal.throwIfAborted();
      if (delayMs > 0) await clock.sleep(delayMs, signal);
    } catch (cause) {
      const message = `gave up connecting to host ${host.name}`;
      throw new UnreachableError(silence, message, { cause });
    }
    if (silent) throw new UnreachableError(silence, `host ${host.name} did not answer within 30 s`);
    return new FakeConnection(host, clusterId, clock);
  }
}
