import { CoordinationV1Api, type KubeConfig, type V1Lease, V1MicroTime } from "@kubernetes/client-node";
import { systemClock } from "../runtime/clock.ts";

export interface LeaderOptions {
  readonly config: KubeConfig;
  readonly identity: string;
  readonly durationSeconds: number;
  readonly retryMs: number;
  /** Called when it begins and when it ceases to lead. */
  readonly changed: (leads: boolean) => void;
}

const place = { namespace: "default", name: "leader" };

/**
 * Leader election as any controller does it that has nothing but Kubernetes' Lease: whoever holds it renews
 * it; others take it when it was not renewed for its duration by their own clock. The resourceVersion decides
 * between two who want it at once. For tests.
 */
export class LeaderCandidate implements AsyncDisposable {
  readonly #options: LeaderOptions;
  readonly #api: CoordinationV1Api;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  #leads = false;
  /** What was last seen of the lease, and when: clocks of others are not compared. */
  #seen = { renewed: "", at: 0 };

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.#api = options.config.makeApiClient(CoordinationV1Api);
    this.#running = this.#run();
  }

  /** Stops without giving the lease back, as a process that dies. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const leads = await this.#attempt();
      if (leads !== this.#leads && !signal.aborted) this.#options.changed(leads);
      this.#leads = leads;
      await systemClock.sleep(this.#options.retryMs, signal).catch(() => undefined);
    }
  }

  async #attempt(): Promise<boolean> {
    try {
      const lease = await this.#read();
      if (lease === undefined) {
        await this.#api.createNamespacedLease({ namespace: place.namespace, body: this.#claim() });
        return true;
      }
      if (!this.#mayTake(lease)) return false;
      await this.#api.replaceNamespacedLease({ ...place, body: this.#claim(lease) });
      return true;
    } catch {
      return false;
    }
  }

  async #read(): Promise<V1Lease | undefined> {
    try {
      return await this.#api.readNamespacedLease(place);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === 404) return undefined;
      throw error;
    }
  }

  #mayTake({ spec = {}, metadata = {} }: V1Lease): boolean {
    if (spec.holderIdentity === this.#options.identity) return true;
    const renewed = metadata.resourceVersion ?? "";
    if (renewed !== this.#seen.renewed) this.#seen = { renewed, at: systemClock.monotonic() };
    return systemClock.monotonic() - this.#seen.at > this.#options.durationSeconds * 1000;
  }

  #claim(before?: V1Lease): V1Lease {
    const { identity, durationSeconds } = this.#options;
    const now = new V1MicroTime(systemClock.now());
    const kept = before?.spec?.holderIdentity === identity;
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { ...before?.metadata, ...place },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: durationSeconds,
        acquireTime: kept ? (before?.spec?.acquireTime ?? now) : now,
        renewTime: now,
        leaseTransitions: (before?.spec?.leaseTransitions ?? 0) + (kept || before === undefined ? 0 : 1),
      },
    };
  }
}
