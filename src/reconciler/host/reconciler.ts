import type { HostConnection, HostFacts, ObservedDomain } from "../../drivers/driver.ts";
import type { Clock } from "../../runtime/clock.ts";
import { parseTime } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { LeftBehind } from "../../schema/departure.ts";
import { type Accelerator, type Host, HostKind, type HostStatus } from "../../schema/host.ts";
import type { Image } from "../../schema/image.ts";
import type { ObjectKey } from "../../schema/meta.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import type { Reconciler, Result } from "../reconcile.ts";
import type { RecordEvent } from "../virtual-machine/context.ts";
import { chooseAccelerator } from "./accelerator.ts";
import { AcceleratorProbes } from "./accelerator-probes.ts";
import type { Circumstances } from "./circumstances.ts";
import { ContentSweeper } from "./content-sweeper.ts";
import { FenceWatch } from "./fence-watch.ts";
import type { HostLink } from "./host-link.ts";
import type { HostSession } from "./host-session.ts";
import type { HostSessions } from "./host-sessions.ts";
import { LateDefinitions } from "./late-definitions.ts";
import type { Leftovers } from "./leftovers.ts";
import { newerMarks } from "./newer-marks.ts";
import { tellReachability } from "./reachability.ts";
import type { Restoration } from "./restoration.ts";
import { StaleCopies } from "./stale-copies.ts";
import { hostStatus } from "./status.ts";
import { firstOf, Twins } from "./twins.ts";
import { unusedContents } from "./unused-contents.ts";

export interface HostReconcilerOptions {
  readonly store: Store;
  readonly sessions: HostSessions;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly hostNamed: (name: string) => Host | undefined;
  /** The machine that the store has with this uid. */
  readonly machineOf: (uid: string) => VirtualMachine | undefined;
  readonly machinesOn: (hostName: string) => readonly VirtualMachine[];
  /** What machines that were started elsewhere have left on the host. */
  readonly leftOn: (hostName: string) => readonly LeftBehind[];
  readonly record: RecordEvent;
  readonly restoration: Pick<Restoration, "note" | "foundOn"> | undefined;
  readonly circumstances: Pick<Circumstances, "reasonFor" | "forget">;
  readonly images: () => readonly Image[];
  readonly leftovers: Pick<Leftovers, "among" | "wasLetGo">;
  /** Whether anything may be changed on hosts; false when what is done could not be written down. */
  readonly mayAct: () => boolean;
  /** Asks for another look at a host, after a while. */
  readonly enqueue: (hostName: string, delayMs: number) => void;
}

const standStillMs = 5_000;

/** Keeps a session to the host, finds out what it is and can do, and writes that down. */
export class HostReconciler implements Reconciler {
  readonly #options: HostReconcilerOptions;
  readonly #sweeper: ContentSweeper;
  readonly #probes: AcceleratorProbes;
  readonly #copies: StaleCopies;
  readonly #late: LateDefinitions;
  readonly #fences: FenceWatch;
  readonly #twins = new Twins();

  constructor(options: HostReconcilerOptions) {
    this.#options = options;
    this.#sweeper = new ContentSweeper(options);
    this.#probes = new AcceleratorProbes(options);
    this.#copies = new StaleCopies(options);
    this.#late = new LateDefinitions(options);
    this.#fences = new FenceWatch(options.record);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal, logger: Logger): Promise<Result> {
    const { store, sessions } = this.#options;
    const host = await store.get(HostKind, key);
    if (host === undefined) {
      this.#sweeper.forget(key.name);
      this.#fences.forget(key.name);
      this.#options.circumstances.forget(key.name);
      this.#noteMachine(key.name, undefined);
      await sessions.remove(key.name);
      return {};
    }
    const session = await sessions.ensure(host);
    if (session.link.state !== "connected") {
      this.#noteMachine(key.name, host.status?.hostUuid);
      const told = await this.#writeStatus(host, session, undefined, logger);
      return untilExpiry(told, this.#options.clock.now());
    }
    const { connection, facts } = session.link;
    this.#noteMachine(key.name, facts.hostUuid);
    await this.#lookAtStrangers(session, connection, signal);
    const { restoration } = this.#options;
    if (restoration !== undefined) restoration.note(key.name, await newerMarks(session, this.#options));
    await this.#writeStatus(host, session, this.#accelerator(host, connection, facts, logger), logger);
    await this.#copies.stop(session, connection, signal, logger);
    await this.#late.remove(session, connection, signal, logger);
    // What is unused by one Host may be used by another that is the same machine.
    if (this.#twins.of(key.name).length === 0) await this.#sweep(session, connection, signal, logger);
    return this.#options.mayAct() ? {} : { requeueAfterMs: standStillMs };
  }

  async #sweep(
    session: HostSession,
    connection: HostConnection,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<void> {
    const { hostName } = session;
    const { machinesOn, leftOn, images, leftovers } = this.#options;
    const unused = [
      ...unusedContents(session.volumes.keys(), machinesOn(hostName), images(), leftOn(hostName)),
      ...leftovers.among(session.volumes.keys()),
    ];
    await this.#sweeper.sweep(session, connection, unused, { signal, logger });
  }

  /** Tells those that lead, or led, to the same machine. */
  #noteMachine(hostName: string, uuid: string | undefined): void {
    for (const other of this.#twins.note(hostName, uuid)) this.#options.enqueue(other, 0);
  }

  /** Domains that are no machine's are nobody else's to look at. */
  async #lookAtStrangers(
    session: HostSession,
    connection: HostConnection,
    signal: AbortSignal,
  ): Promise<void> {
    for (const uid of session.doubted) {
      if (this.#options.machineOf(uid) === undefined) await session.domain(connection, uid, signal);
    }
  }

  /** Returns what the Host's status says by now; undefined while there is nothing to tell. */
  async #writeStatus(
    host: Host,
    session: HostSession,
    accelerator: Accelerator | undefined,
    logger: Logger,
  ): Promise<HostStatus | undefined> {
    const { circumstances, restoration, clusterId, clock, machineOf, store } = this.#options;
    const { link } = session;
    const now = clock.now();
    // Nothing is news until the first attempt has ended.
    if (link.state === "connecting" && host.status?.conditions !== undefined) return undefined;
    const domains = [...session.domains.values()];
    const isOurs = (domain: ObservedDomain) => domain.mark?.clusterId === clusterId;
    const ours = domains.filter(isOurs);
    const status = hostStatus({
      host,
      link,
      pool: session.lastLook.pool,
      accelerator,
      foreign: domains.filter((domain) => !isOurs(domain)),
      orphans: ours.filter((domain) => machineOf(domain.uid) === undefined),
      strays: this.#straysAmong(session.hostName, ours),
      duplicateOf: this.#duplicateOf(host, link),
      massOutage: circumstances.reasonFor(session.hostName),
      newerPlacement: restoration?.foundOn(session.hostName),
      now,
    });
    if (!deepEqual(host.status, status)) await store.updateStatus(HostKind, { ...host, status });
    tellReachability(this.#options.record, host, status);
    this.#fences.note(host, status.fence, { isConnected: link.state === "connected", now }, logger);
    return status;
  }

  /** They take room here that is not promised to them here. */
  #straysAmong(hostName: string, ours: readonly ObservedDomain[]): readonly ObservedDomain[] {
    const isElsewhere = ({ uid }: ObservedDomain): boolean => {
      const placedOn = this.#options.machineOf(uid)?.status?.hostName;
      return placedOn !== undefined && placedOn !== hostName;
    };
    return [...new Set([...this.#copies.among(hostName, ours), ...ours.filter(isElsewhere)])];
  }

  /** The Host that stands for the machine, if another one does. */
  #duplicateOf(host: Host, link: HostLink): string | undefined {
    if (link.state !== "connected") return undefined;
    const twins = this.#twins.of(host.metadata.name).flatMap((name) => this.#options.hostNamed(name) ?? []);
    const { name } = firstOf(host, twins, link.facts.hostUuid).metadata;
    return name === host.metadata.name ? undefined : name;
  }

  /** Undefined while a probe guest is out; its answer brings another look. */
  #accelerator(
    host: Host,
    connection: HostConnection,
    facts: HostFacts,
    logger: Logger,
  ): Accelerator | undefined {
    const choice = chooseAccelerator(host, facts, this.#probes.answer(connection));
    if (choice.type === "known") return choice.accelerator;
    this.#probes.begin(host.metadata.name, connection, choice.accelerator, logger);
    return undefined;
  }
}

/**
 * What was stated counts no more when its time is over, which has to be said then. While nothing is told, as
 * before the first attempt to connect has ended, there is nothing to come back for: its end calls.
 */
function untilExpiry(status: HostStatus | undefined, now: number): Result {
  if (status?.fence === undefined) return {};
  return { requeueAfterMs: Math.max(0, parseTime(status.fence.expiresAt) - now) };
}
