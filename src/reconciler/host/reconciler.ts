import type { HostConnection, HostFacts, ObservedDomain } from "../../drivers/driver.ts";
import type { Clock } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import { messageOf } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { type Accelerator, type Host, HostKind } from "../../schema/host.ts";
import type { Image } from "../../schema/image.ts";
import type { ObjectKey } from "../../schema/meta.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import type { Reconciler, Result } from "../reconcile.ts";
import { chooseAccelerator } from "./accelerator.ts";
import type { HostSession } from "./host-session.ts";
import type { HostSessions } from "./host-sessions.ts";
import { hostStatus } from "./status.ts";
import { unusedContents } from "./unused-contents.ts";

export interface HostReconcilerOptions {
  readonly store: Store;
  readonly sessions: HostSessions;
  readonly clusterId: string;
  readonly clock: Clock;
  /** Whether the store has a machine with this uid. */
  readonly knowsMachine: (uid: string) => boolean;
  readonly machinesOn: (hostName: string) => readonly VirtualMachine[];
  readonly images: () => readonly Image[];
  /** Asks for another look at a host. */
  readonly enqueue: (hostName: string) => void;
}

/** Keeps a session to the host, finds out what it is and can do, and writes that down. */
export class HostReconciler implements Reconciler {
  readonly #options: HostReconcilerOptions;
  /** Answers of probe guests, for the connection they were asked on. */
  readonly #probes = new WeakMap<HostConnection, { answer: boolean | undefined }>();
  /** Contents that nobody used at the last look; only those still unused at the next are removed. */
  readonly #suspects = new Map<string, ReadonlySet<string>>();

  constructor(options: HostReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(key: ObjectKey, signal: AbortSignal, logger: Logger): Promise<Result> {
    const { store, sessions } = this.#options;
    const host = await store.get(HostKind, key);
    if (host === undefined) {
      this.#suspects.delete(key.name);
      await sessions.remove(key.name);
      return {};
    }
    const session = await sessions.ensure(host);
    await this.#writeStatus(host, session, logger);
    if (session.link.state === "connected")
      await this.#removeUnused(session, session.link.connection, signal, logger);
    return {};
  }

  async #writeStatus(host: Host, session: HostSession, logger: Logger): Promise<void> {
    const { clusterId, clock, knowsMachine, store } = this.#options;
    const { link } = session;
    // Nothing is news until the first attempt has ended.
    if (link.state === "connecting" && host.status !== undefined) return;
    const accelerator =
      link.state === "connected" ? this.#accelerator(host, link.connection, link.facts, logger) : undefined;
    const domains = [...session.domains.values()];
    const isOurs = (domain: ObservedDomain) => domain.mark?.clusterId === clusterId;
    const status = hostStatus({
      host,
      link,
      accelerator,
      foreign: domains.filter((domain) => !isOurs(domain)),
      orphans: domains.filter((domain) => isOurs(domain) && !knowsMachine(domain.uid)),
      now: clock.now(),
    });
    if (!deepEqual(host.status, status)) await store.updateStatus(HostKind, { ...host, status });
  }

  /** Undefined while a probe guest is out; its answer brings another look. */
  #accelerator(
    host: Host,
    connection: HostConnection,
    facts: HostFacts,
    logger: Logger,
  ): Accelerator | undefined {
    const probe = this.#probes.get(connection);
    const choice = chooseAccelerator(host, facts, probe?.answer);
    if (choice.type === "known") return choice.accelerator;
    if (probe === undefined) this.#probe(host.metadata.name, connection, choice.accelerator, logger);
    return undefined;
  }

  #probe(hostName: string, connection: HostConnection, accelerator: Accelerator, logger: Logger): void {
    const probe: { answer: boolean | undefined } = { answer: undefined };
    this.#probes.set(connection, probe);
    const lost = new AbortController();
    void connection.closed.then((error) => lost.abort(error));
    connection
      .probeAccelerator(accelerator, lost.signal)
      .then((works) => {
        probe.answer = works;
        logger.info("accelerator probed", { accelerator, works });
      })
      .catch((error: unknown) => {
        probe.answer = false;
        logger.warn("accelerator probe failed", { accelerator, error: messageOf(error) });
      })
      .finally(() => this.#options.enqueue(hostName));
  }

  async #removeUnused(
    session: HostSession,
    connection: HostConnection,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<void> {
    const { machinesOn, images } = this.#options;
    const { hostName } = session;
    const unused = unusedContents(session.volumes.keys(), machinesOn(hostName), images());
    const before = this.#suspects.get(hostName);
    this.#suspects.set(hostName, new Set(unused));
    for (const volume of unused) {
      if (before?.has(volume) !== true) continue;
      await connection.deleteVolume(volume, signal);
      session.noteVolume(volume, undefined);
      logger.info("unused image content removed", { volume });
    }
  }
}
