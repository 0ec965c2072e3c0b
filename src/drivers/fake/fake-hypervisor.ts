import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import { FakeHost, type FakeHostOptions } from "./fake-host.ts";

/** A host to make; its UUID is random unless given. */
export type NewFakeHost = Omit<FakeHostOptions, "hostUuid"> & { readonly hostUuid?: string };

export interface FakeHypervisorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly hosts?: readonly NewFakeHost[];
  /** Make a host that is connected to but unknown, of default size. For demonstrations. */
  readonly onDemand?: boolean;
}

/** All the hosts in memory that `fake://NAME` can reach. */
export class FakeHypervisor {
  readonly clock: Clock;
  readonly #random: Random;
  readonly #onDemand: boolean;
  readonly #hosts = new Map<string, FakeHost>();

  constructor(options: FakeHypervisorOptions) {
    this.clock = options.clock;
    this.#random = options.random;
    this.#onDemand = options.onDemand ?? false;
    for (const host of options.hosts ?? []) this.addHost(host);
  }

  get hosts(): Iterable<FakeHost> {
    return this.#hosts.values();
  }

  /** The host with this name; throws when there is none. */
  host(name: string): FakeHost {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`there is no fake host "${name}"`);
    return host;
  }

  /** The host that a connection asks for. */
  findHost(name: string): FakeHost | undefined {
    return this.#hosts.get(name) ?? (this.#onDemand ? this.addHost({ name }) : undefined);
  }

  addHost(options: NewFakeHost): FakeHost {
    const host = new FakeHost({ hostUuid: this.#random.uuid(), ...options }, this.clock);
    this.#hosts.set(host.name, host);
    return host;
  }

  /** The host is gone for good, with everything on it. */
  removeHost(name: string): void {
    this.#hosts.get(name)?.powerOff();
    this.#hosts.delete(name);
  }
}
