import type {
  Driver,
  HostConnection,
  HostFacts,
  ObservedDomain,
  ObservedVolume,
} from "../../drivers/driver.ts";
import type { Clock } from "../../runtime/clock.ts";
import { withDeadline } from "../../runtime/deadline.ts";
import { messageOf, StatusError } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Random } from "../../runtime/random.ts";
import { Sightings } from "./sightings.ts";

export interface HostSessionOptions {
  readonly hostName: string;
  readonly uri: string;
  readonly clusterId: string;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How often everything on the host is looked at, events or not. */
  readonly resyncMs: number;
  /** Called when the machine with this uid should be looked at. */
  readonly onMachine: (uid: string) => void;
  /** Called when all machines of the host should be looked at: connected, lost, or resynced. */
  readonly onHost: () => void;
}

export type HostLink =
  | { readonly state: "connecting" }
  | { readonly state: "connected"; readonly connection: HostConnection; readonly facts: HostFacts }
  | { readonly state: "unreachable"; readonly message: string };

/** Machines worked on at once; the others wait without holding a worker, so a hung host delays only itself. */
const inFlightMax = 32;
const connectDeadlineMs = 45_000;
const observeDeadlineMs = 30_000;
const firstRetryMs = 1_000;
const lastRetryMs = 60_000;

/**
 * The link to one host and what was seen through it: connects, reconnects with jittered backoff, looks at
 * everything after each connect and then periodically, and turns hints into requests to look again.
 * It decides nothing about machines. While it is not connected nothing may be concluded about them.
 */
export class HostSession implements AsyncDisposable {
  readonly #options: HostSessionOptions;
  readonly #stopped = new AbortController();
  #run: Promise<void> | undefined;
  #link: HostLink = { state: "connecting" };
  #domains = new Sightings<ObservedDomain>();
  #volumes = new Sightings<ObservedVolume>();
  readonly #dirty = new Set<string>();
  readonly #inFlight = new Set<string>();
  readonly #waiting = new Set<string>();
  #look = 0;

  constructor(options: HostSessionOptions) {
    this.#options = options;
  }

  get hostName(): string {
    return this.#options.hostName;
  }

  get uri(): string {
    return this.#options.uri;
  }

  get link(): HostLink {
    return this.#link;
  }

  get domains(): ReadonlyMap<string, ObservedDomain> {
    return this.#domains.values;
  }

  get volumes(): ReadonlyMap<string, ObservedVolume> {
    return this.#volumes.values;
  }

  start(): void {
    this.#run ??= this.#connectForEver(this.#stopped.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort(new StatusError("HostUnreachable", "the session was ended"));
    await this.#run;
  }

  /** Takes one of the host's places for work on a machine. False: none is free; the machine is called later. */
  enter(uid: string): boolean {
    if (this.#inFlight.size >= inFlightMax) {
      this.#waiting.add(uid);
      return false;
    }
    this.#inFlight.add(uid);
    this.#waiting.delete(uid);
    return true;
  }

  /** Gives the place back and calls a machine that waits for one. */
  leave(uid: string): void {
    this.#inFlight.delete(uid);
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      this.#options.onMachine(next);
      return;
    }
  }

  /** The domain as last seen; looks again first if something hinted at it since. */
  async domain(
    connection: HostConnection,
    uid: string,
    signal: AbortSignal,
  ): Promise<ObservedDomain | undefined> {
    return this.#dirty.has(uid) ? this.lookAt(connection, uid, signal) : this.#domains.values.get(uid);
  }

  /** Looks at one domain now. */
  async lookAt(
    connection: HostConnection,
    uid: string,
    signal: AbortSignal,
  ): Promise<ObservedDomain | undefined> {
    const look = ++this.#look;
    this.#dirty.delete(uid);
    try {
      this.#domains.see(look, uid, await connection.observeDomain(uid, signal));
    } catch (error) {
      this.#dirty.add(uid);
      throw error;
    }
    return this.#domains.values.get(uid);
  }

  /** Notes a volume that a verb of the driver has just made, or removed. */
  noteVolume(name: string, volume: ObservedVolume | undefined): void {
    this.#volumes.see(++this.#look, name, volume);
  }

  /** Makes the next read of the domain a look: what was last seen is in doubt. */
  doubt(uid: string): void {
    this.#dirty.add(uid);
  }

  async #connectForEver(signal: AbortSignal): Promise<void> {
    const { clock, logger, random } = this.#options;
    let delayMs = firstRetryMs;
    while (!signal.aborted) {
      try {
        await this.#connected(signal, () => {
          delayMs = firstRetryMs;
        });
      } catch (error) {
        if (signal.aborted) break;
        this.#setLink({ state: "unreachable", message: messageOf(error) });
        logger.warn("host unreachable", { error: messageOf(error), retryInMs: delayMs });
      }
      await clock.sleep(delayMs, signal).catch(() => undefined);
      delayMs = Math.min(lastRetryMs, firstRetryMs + random.next() * (delayMs * 3 - firstRetryMs));
    }
  }

  /** One connection from its beginning to its loss; throws why it was lost. */
  async #connected(signal: AbortSignal, onConnected: () => void): Promise<void> {
    const { driver, uri, clusterId, logger } = this.#options;
    await using connection = await this.#bounded(connectDeadlineMs, signal, (attempt) =>
      driver.connect({ uri, clusterId, signal: attempt }),
    );
    const facts = await this.#bounded(connectDeadlineMs, signal, (attempt) => connection.describe(attempt));
    this.#domains = new Sightings();
    this.#volumes = new Sightings();
    this.#dirty.clear();
    const lost = new AbortController();
    const gone = connection.closed.then((error) => {
      lost.abort(error);
      throw error;
    });
    const open = AbortSignal.any([signal, lost.signal]);
    const hints = this.#followHints(connection, open);
    try {
      await Promise.race([gone, this.#lookAtAll(connection, open)]);
      this.#setLink({ state: "connected", connection, facts });
      logger.info("host connected", { hypervisor: facts.hypervisor.version, domains: this.domains.size });
      onConnected();
      await Promise.race([gone, hints, this.#resyncForEver(connection, open)]);
    } finally {
      lost.abort(new StatusError("HostUnreachable", "the link was given up"));
      await hints.catch(() => undefined);
    }
  }

  async #resyncForEver(connection: HostConnection, signal: AbortSignal): Promise<void> {
    while (true) {
      await this.#options.clock.sleep(this.#options.resyncMs, signal);
      await this.#lookAtAll(connection, signal);
      this.#options.onHost();
    }
  }

  async #lookAtAll(connection: HostConnection, signal: AbortSignal): Promise<void> {
    const look = ++this.#look;
    this.#dirty.clear();
    const seen = await this.#bounded(observeDeadlineMs, signal, (attempt) => connection.observe(attempt));
    this.#volumes.seeAll(look, new Map(seen.volumes.map((volume) => [volume.name, volume])));
    this.#domains.seeAll(look, new Map(seen.domains.map((domain) => [domain.uid, domain])));
  }

  async #followHints(connection: HostConnection, signal: AbortSignal): Promise<void> {
    for await (const { uid } of connection.hints(signal)) {
      if (uid === undefined) {
        await this.#lookAtAll(connection, signal);
        this.#options.onHost();
      } else {
        this.#dirty.add(uid);
        this.#options.onMachine(uid);
      }
    }
    if (!signal.aborted) throw new StatusError("HostUnreachable", "the stream of events ended");
  }

  #setLink(link: HostLink): void {
    this.#link = link;
    this.#options.onHost();
  }

  #bounded<T>(lengthMs: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, hostName, uri } = this.#options;
    const message = `host "${hostName}" (${uri}) did not answer within ${lengthMs / 1000} s`;
    return withDeadline(
      { clock, lengthMs, signal, reason: () => new StatusError("OutcomeUnknown", message) },
      work,
    );
  }
}
