import type {
  Driver,
  HostConnection,
  HostFacts,
  ObservedDomain,
  ObservedHost,
  ObservedVolume,
} from "../../drivers/driver.ts";
import { UnreachableError, unreachableReason } from "../../drivers/unreachable.ts";
import { onAbort, pause } from "../../runtime/abort.ts";
import type { Clock } from "../../runtime/clock.ts";
import { withDeadline } from "../../runtime/deadline.ts";
import { messageOf, StatusError } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Random } from "../../runtime/random.ts";
import { DomainSightings } from "./domain-sightings.ts";
import type { HandshakePacer } from "./handshake-pacer.ts";
import type { HostLink, SessionHealth } from "./host-link.ts";
import { LinkRecord } from "./link-record.ts";
import { Places, placesPerHost } from "./places.ts";
import { Sightings } from "./sightings.ts";
import { watchSilence } from "./silence.ts";

export interface HostSessionOptions {
  readonly hostName: string;
  readonly uri: string;
  readonly clusterId: string;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Says when a handshake may begin. */
  readonly pacer: HandshakePacer;
  /** How often everything on the host is looked at, events or not. */
  readonly resyncMs: number;
  /** Called when something has come to be known or doubted of the domain with this uid, or is no more. */
  readonly onMention: (uid: string, isMentioned: boolean) => void;
  /** Called when the machine with this uid should be looked at. */
  readonly onMachine: (uid: string) => void;
  /** Called when a host that is connected has fallen silent, or speaks again. */
  readonly onSilence: () => void;
  /** Called when all machines of the host should be looked at: connected, lost, or resynced. */
  readonly onHost: () => void;
}

const connectDeadlineMs = 45_000;
const observeDeadlineMs = 30_000;
const firstRetryMs = 1_000;
const lastRetryMs = 60_000;
/** Idle links are heard from every five seconds; one that hangs is lost only after half a minute. */
const silentMs = 8_000;
/** Processors, memory and other people's pools may change while the link lasts. */
const describeAgainMs = 600_000;

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
  #domains: DomainSightings;
  #volumes = volumeSightings();
  #lastLook: Pick<ObservedHost, "pool" | "addresses"> = { addresses: new Map() };
  #isSilent = false;
  readonly #record: LinkRecord;
  /** Ends the wait for the next attempt. */
  #wake = new AbortController();
  /** By uid: machines that are worked on. */
  readonly places: Places;
  /** Machines that were hinted at while they were worked on. */
  readonly #heard = new Set<string>();

  constructor(options: HostSessionOptions) {
    this.#options = options;
    this.#domains = new DomainSightings(options.onMention);
    this.#record = new LinkRecord(options.clock);
    this.places = new Places(placesPerHost, options.onMachine, (uid) => this.#onLeft(uid));
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

  /** Whether it is connected and was heard of in the last seconds: something new may be begun there. */
  get answers(): boolean {
    return this.#link.state === "connected" && !this.#isSilent;
  }

  /** What nobody tells of between two looks at everything: our pool, and the addresses of guests. */
  get lastLook(): Pick<ObservedHost, "pool" | "addresses"> {
    return this.#lastLook;
  }

  get health(): SessionHealth {
    return this.#record.health(this.#link);
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

  /** Something has changed that may let the next attempt succeed: it need not wait. */
  retryNow(): void {
    this.#wake.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort(new StatusError("HostUnreachable", "the session was ended"));
    this.#wake.abort();
    await this.#run;
    this.#domains.end();
  }

  /** The domain as last seen; looks again first if that is in doubt. */
  async domain(
    connection: HostConnection,
    uid: string,
    signal: AbortSignal,
  ): Promise<ObservedDomain | undefined> {
    const domains = this.#domains;
    if (domains.isDoubted(uid)) {
      const look = domains.begin();
      domains.see(look, uid, await connection.observeDomain(uid, signal));
    }
    return domains.values.get(uid);
  }

  /** What was last seen of the domain does not count: the next read of it looks. */
  doubt(uid: string): void {
    this.#domains.doubt(uid);
  }

  isDoubted(uid: string): boolean {
    return this.#domains.isDoubted(uid);
  }

  /** The domains of which something was heard and nothing seen since. */
  get doubted(): readonly string[] {
    return this.#domains.doubted;
  }

  /** A domain other than `uid`'s that has this name. */
  findNamesake(domainName: string, uid: string): ObservedDomain | undefined {
    return this.#domains.namesake(domainName, uid);
  }

  /** Notes a volume that a verb of the driver has just made, or removed. */
  noteVolume(name: string, volume: ObservedVolume | undefined): void {
    this.#volumes.see(this.#volumes.begin(), name, volume);
  }

  async #connectForEver(signal: AbortSignal): Promise<void> {
    const { clock, logger, random, pacer } = this.#options;
    let delayMs = firstRetryMs;
    while (!signal.aborted) {
      try {
        await pacer.turn(this.#link.state === "unreachable" && delayMs > firstRetryMs, signal);
        await this.#connected(signal, () => {
          delayMs = firstRetryMs;
        });
      } catch (error) {
        if (signal.aborted) break;
        const reason = unreachableReason(error) ?? "Unreachable";
        const message = messageOf(error);
        this.#setLink({ state: "unreachable", reason, message, lastSeenMs: this.#record.lastSeenMs });
        logger.warn("host unreachable", { reason, error: message, retryInMs: delayMs });
      }
      await pause(clock, delayMs, this.#wake.signal);
      delayMs = Math.min(lastRetryMs, firstRetryMs + random.next() * (delayMs * 3 - firstRetryMs));
      if (this.#wake.signal.aborted) this.#wake = new AbortController();
    }
  }

  /** One connection from its beginning to its loss; throws why it was lost. */
  async #connected(signal: AbortSignal, onConnected: () => void): Promise<void> {
    const { driver, uri, hostName, clusterId, logger } = this.#options;
    await using connection = await this.#bounded(connectDeadlineMs, signal, (attempt) =>
      driver.connect({ uri, hostName, clusterId, signal: attempt }),
    );
    const facts = await this.#describe(connection, signal);
    this.#domains.end();
    this.#domains = new DomainSightings(this.#options.onMention);
    this.#volumes = volumeSightings();
    const lost = new AbortController();
    const gone = connection.closed.then((error) => {
      lost.abort(error);
      throw error;
    });
    const callOff = onAbort(signal, () => lost.abort(signal.reason));
    const hints = this.#followHints(connection, lost.signal);
    try {
      await Promise.race([gone, this.#lookAtAll(connection, lost.signal)]);
      this.#record.made();
      this.#setLink({ state: "connected", connection, facts });
      logger.info("host connected", { hypervisor: facts.hypervisor.version, domains: this.domains.size });
      onConnected();
      const silence = this.#watchSilence(connection, lost.signal);
      await Promise.race([gone, hints, silence, this.#resyncForEver(connection, lost.signal)]);
    } finally {
      this.#record.ended(connection.health.heardAtMs);
      callOff();
      lost.abort(new StatusError("HostUnreachable", "the link was given up"));
      await hints.catch(() => undefined);
    }
  }

  async #resyncForEver(connection: HostConnection, signal: AbortSignal): Promise<void> {
    const { clock, random, resyncMs } = this.#options;
    let describedAtMs = clock.monotonic();
    while (true) {
      // Not all hosts at once, even if all were connected at once.
      await clock.sleep(resyncMs * (0.9 + 0.2 * random.next()), signal);
      await this.#lookAtAll(connection, signal);
      if (clock.monotonic() - describedAtMs >= describeAgainMs) {
        describedAtMs = clock.monotonic();
        const facts = await this.#describe(connection, signal);
        signal.throwIfAborted();
        this.#link = { state: "connected", connection, facts };
      }
      this.#options.onHost();
    }
  }

  #watchSilence(connection: HostConnection, signal: AbortSignal): Promise<void> {
    const { clock, onSilence } = this.#options;
    const heardAtMs = () => connection.health.heardAtMs;
    this.#isSilent = false;
    const told = (isSilent: boolean): void => {
      this.#isSilent = isSilent;
      onSilence();
    };
    return watchSilence({ clock, limitMs: silentMs, heardAtMs, told }, signal);
  }

  #describe(connection: HostConnection, signal: AbortSignal): Promise<HostFacts> {
    return this.#bounded(connectDeadlineMs, signal, (attempt) => connection.describe(attempt));
  }

  async #lookAtAll(connection: HostConnection, signal: AbortSignal): Promise<void> {
    const [domains, volumes] = [this.#domains, this.#volumes];
    const [domainLook, volumeLook] = [domains.begin(), volumes.begin()];
    const seen = await this.#bounded(observeDeadlineMs, signal, (attempt) => connection.observe(attempt));
    volumes.seeAll(volumeLook, new Map(seen.volumes.map((volume) => [volume.name, volume])));
    domains.seeAll(domainLook, new Map(seen.domains.map((domain) => [domain.uid, domain])));
    this.#lastLook = seen;
  }

  async #followHints(connection: HostConnection, signal: AbortSignal): Promise<void> {
    for await (const { uid, told } of connection.hints(signal)) {
      if (uid === undefined) {
        await this.#lookAtAll(connection, signal);
        this.#options.onHost();
      } else if (this.#domains.heed(uid, told)) {
        // Most hints at a machine that is worked on come from that work, which looks again at its end.
        if (this.places.has(uid)) this.#heard.add(uid);
        else this.#options.onMachine(uid);
      }
    }
    if (!signal.aborted) throw new UnreachableError("ConnectionLost", "the stream of events ended");
  }

  #onLeft(uid: string): void {
    if (this.#heard.delete(uid) && this.isDoubted(uid)) this.#options.onMachine(uid);
  }

  #setLink(link: HostLink): void {
    this.#link = link;
    this.#options.onHost();
  }

  /** Who has let us in and then does not answer hangs; while connecting the driver knows better. */
  #bounded<T>(lengthMs: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, hostName, uri } = this.#options;
    const message = `host "${hostName}" (${uri}) did not answer within ${lengthMs / 1000} s`;
    const reason = () => new UnreachableError("DaemonHung", message, { reason: "OutcomeUnknown" });
    return withDeadline({ clock, lengthMs, signal, reason }, work);
  }
}

const volumeSightings = () => new Sightings<ObservedVolume>(({ name }) => name);
