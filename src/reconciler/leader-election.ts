import { orAborted, pause, within } from "../runtime/abort.ts";
import { type Clock, formatMicroTime } from "../runtime/clock.ts";
import { hasReason, messageOf } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Kind } from "../schema/kind.ts";
import type { Lease } from "../schema/lease.ts";
import { formatKey, type ObjectKey } from "../schema/meta.ts";
import type { Store } from "../store/store.ts";
import type { Part } from "./manager.ts";

/*
 * Leader election over a Lease, as client-go does it. What it does NOT guarantee:
 *
 * - No fencing. A leader whose process is paused between `isLeading()` and the call that follows may act
 *   while another leads. What must never happen twice needs a guard of its own where it happens.
 *   What it writes down goes through a `leadersStore`.
 * - Not at most one leader under clocks of different speed. Clocks may differ by any amount, but if one runs
 *   faster than leaseDurationMs / renewDeadlineMs times the other, two may lead.
 * - Not at most one leader when a machine that was suspended has its wall clock set back right after it
 *   wakes, before anybody has asked whether it leads: within `retryPeriodMs`.
 * - Not always a leader: after a crash nobody leads until the lease has run out.
 *
 * What it does: a leader stops leading `renewDeadlineMs` after the start of its last successful renewal,
 * judged by whichever of its two clocks has moved further, so that neither a suspended machine nor a clock
 * that was set back prolongs the lead. Others wait until they have seen no change for `leaseDurationMs`, by
 * their own monotonic clock alone.
 */

export interface LeaderElectionOptions {
  readonly store: Pick<Store, "get" | "create" | "update">;
  readonly kind: Kind<Lease>;
  readonly key: ObjectKey;
  /** Who this process is; different for every process, restarts included. */
  readonly identity: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long others wait for a leader that has gone silent; 15 s when absent. */
  readonly leaseDurationMs?: number;
  /** How long a leader that cannot renew goes on; 10 s when absent, less than leaseDurationMs. */
  readonly renewDeadlineMs?: number;
  /** The pause between two attempts to acquire or renew; 2 s when absent. */
  readonly retryPeriodMs?: number;
}

/** A wall clock that falls back by more than this was set back; less is how clocks are kept in step. */
const mostBehindMs = 1_000;

/** How long after it has woken a leader may go on that waits for an answer which began before. */
const lookEveryMs = 500;

/** A point in time on both clocks. */
interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

interface Observed {
  readonly resourceVersion: string | undefined;
  readonly sinceMs: number;
}

/**
 * As a part of the manager: has started when this process leads, fails when it leads no more, and hands the
 * lease back when stopped. Parts that only a leader may run come after it.
 */
export class LeaderElection implements Part {
  readonly name = "leader election";
  readonly #options: Required<LeaderElectionOptions>;
  readonly #logger: Logger;
  #lease: Lease | undefined;
  #observed: Observed | undefined;
  #renewed: Moment | undefined;
  /** The most that has been seen to pass since then. */
  #elapsedMs = 0;
  /** The wall clock was set back since then: neither clock would show that this machine was suspended. */
  #isInDoubt = false;

  constructor(options: LeaderElectionOptions) {
    this.#options = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2000, ...options };
    const { renewDeadlineMs, leaseDurationMs, retryPeriodMs, key, identity } = this.#options;
    if (!(retryPeriodMs < renewDeadlineMs && renewDeadlineMs < leaseDurationMs)) {
      throw new RangeError("retryPeriodMs must be below renewDeadlineMs, and that below leaseDurationMs");
    }
    this.#logger = options.logger.with({ lease: formatKey(key), identity });
  }

  /** Whether this process leads at this moment: ask right before acting on it, not once. */
  isLeading(): boolean {
    return this.#leftMs() > 0;
  }

  /** Resolves when this process leads. */
  async start(signal: AbortSignal): Promise<void> {
    while (!(await this.#attempt(signal))) {
      await this.#options.clock.sleep(this.#options.retryPeriodMs, signal);
    }
    this.#logger.info("became leader");
  }

  /** Renews until the signal is aborted; rejects when the lead is lost. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, retryPeriodMs } = this.#options;
    while (this.isLeading()) {
      await pause(clock, Math.min(retryPeriodMs, this.#leftMs()), signal);
      if (signal.aborted) return;
      // Whoever is in doubt does nothing until the store has said that the lease is still ours.
      if (this.isLeading() || this.#isInDoubt) await this.#attempt(signal);
      if (signal.aborted) return;
    }
    throw new Error(`lost the lead: lease ${formatKey(this.#options.key)} could not be renewed in time`);
  }

  /** Hands the lease back, so that the next leader need not wait. */
  async stop(): Promise<void> {
    if (!this.isLeading() || this.#lease === undefined) return;
    this.#renewed = undefined;
    const { store, kind } = this.#options;
    const { holderIdentity: _, ...spec } = this.#lease.spec ?? {};
    try {
      await store.update(kind, { ...this.#lease, spec: { ...spec, leaseDurationSeconds: 1 } });
      this.#logger.info("gave up leadership");
    } catch (error) {
      this.#logger.warn("lease could not be handed back", { error: messageOf(error) });
    }
  }

  /** Milliseconds for which the lead is certain; 0 or less: not leading. */
  #leftMs(): number {
    if (this.#renewed === undefined) return 0;
    const now = this.#now();
    const monotonicMs = now.monotonicMs - this.#renewed.monotonicMs;
    const wallMs = now.wallMs - this.#renewed.wallMs;
    this.#isInDoubt ||= monotonicMs - wallMs > mostBehindMs;
    if (this.#isInDoubt) return 0;
    // What has once passed has passed, also when the wall clock is set back after it.
    this.#elapsedMs = Math.max(this.#elapsedMs, wallMs, monotonicMs);
    return this.#options.renewDeadlineMs - this.#elapsedMs;
  }

  #now(): Moment {
    return { wallMs: this.#options.clock.now(), monotonicMs: this.#options.clock.monotonic() };
  }

  /** Acquires or renews once; true when that succeeded. An answer that takes too long counts for nothing. */
  async #attempt(signal: AbortSignal): Promise<boolean> {
    const { clock, renewDeadlineMs } = this.#options;
    const sent = this.#now();
    try {
      const answer = this.isLeading()
        ? this.#whileLeading(this.#acquireOrRenew())
        : within(clock, renewDeadlineMs, this.#acquireOrRenew());
      const lease = await orAborted(answer, signal);
      if (lease === undefined) return false;
      this.#lease = lease;
      this.#renewed = sent;
      this.#elapsedMs = 0;
      this.#isInDoubt = false;
      return this.isLeading();
    } catch (error) {
      if (signal.aborted) throw error;
      // Another was faster: that is an answer, not a failure.
      const lost = hasReason(error, "Conflict") || hasReason(error, "AlreadyExists");
      if (!lost) this.#logger.warn("lease attempt failed", { error: messageOf(error) });
      return false;
    }
  }

  /**
   * What becomes of it, or `undefined` when the lead is lost before. A timer stands still while the machine
   * is suspended and the lead runs out, so the lead is looked at now and then.
   */
  async #whileLeading<T>(work: Promise<T>): Promise<T | undefined> {
    const settled = work.then((value) => ({ value }));
    for (let leftMs = this.#leftMs(); leftMs > 0; leftMs = this.#leftMs()) {
      const answer = await within(this.#options.clock, Math.min(leftMs, lookEveryMs), settled);
      if (answer !== undefined) return answer.value;
    }
    return undefined;
  }

  /** The lease as written by us, or undefined when another holds it. */
  async #acquireOrRenew(): Promise<Lease | undefined> {
    const { store, kind, key, identity } = this.#options;
    const lease = await store.get(kind, key);
    if (lease === undefined) return store.create(kind, this.#newLease());
    const held = lease.spec?.holderIdentity === identity;
    if (!held && !this.#isFree(lease)) return undefined;
    return store.update(kind, { ...lease, spec: this.#claim(lease.spec) });
  }

  #newLease(): Lease {
    const { namespace, name } = this.#options.key;
    const metadata = namespace === undefined ? { name } : { namespace, name };
    return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: this.#claim({}) };
  }

  #claim(spec: Lease["spec"] = {}): NonNullable<Lease["spec"]> {
    const { identity, leaseDurationMs, clock } = this.#options;
    const now = formatMicroTime(clock.now());
    const renewal = {
      ...spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1000),
      renewTime: now,
    };
    if (spec.holderIdentity === identity) return renewal;
    const leaseTransitions = spec.renewTime === undefined ? 0 : (spec.leaseTransitions ?? 0) + 1;
    return { ...renewal, acquireTime: now, leaseTransitions };
  }

  /** Whether another's lease was given back, or has not changed before our eyes for as long as it lasts. */
  #isFree({ spec, metadata }: Lease): boolean {
    if (!spec?.holderIdentity) return true;
    const nowMs = this.#options.clock.monotonic();
    if (this.#observed?.resourceVersion !== metadata.resourceVersion || this.#observed === undefined) {
      this.#observed = { resourceVersion: metadata.resourceVersion, sinceMs: nowMs };
    }
    const lastsMs = Math.max(this.#options.leaseDurationMs, (spec.leaseDurationSeconds ?? 0) * 1000);
    return nowMs - this.#observed.sinceMs >= lastsMs;
  }
}
