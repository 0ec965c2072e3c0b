import { deepEqual } from "../../runtime/equal.ts";
import type { RequestLookups } from "../../scheduler/request.ts";
import type { Host } from "../../schema/host.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Catalog } from "../catalog.ts";
import type { HostSessions } from "../host/host-sessions.ts";
import type { Change } from "../informer.ts";
import type { Binder } from "./binder.ts";
import { hostStateOf } from "./host-state.ts";
import { placedRequest } from "./placed-request.ts";

export interface FeedOptions {
  readonly binder: Binder;
  readonly catalog: Pick<Catalog, "hosts" | "machines">;
  readonly sessions: Pick<HostSessions, "get">;
  readonly lookups: RequestLookups;
}

const noVolumes: readonly string[] = [];

/**
 * Keeps what the binder knows in step with hosts and machines. What machines are promised while this
 * controller works the binder knows before the store does; from the store it learns what was promised before.
 */
export class BinderFeed {
  readonly #options: FeedOptions;
  /** By uid the revision at which a machine gave its host up, until that or something newer is shown. */
  readonly #left = new Map<string, number>();

  constructor(options: FeedOptions) {
    this.#options = options;
    const { hosts, machines } = options.catalog;
    hosts.subscribe(({ type, object }) => {
      if (type === "deleted") options.binder.removeHost(object.metadata.name);
      else this.#takeHost(object);
    });
    machines.subscribe((change) => this.#takeMachine(change));
  }

  /** The host's link has changed, or what was seen through it. */
  lookAtHost(name: string): void {
    const host = this.#options.catalog.hosts.cache.get({ name });
    if (host !== undefined) this.#takeHost(host);
  }

  /** The machine has given its host up. What is older and shown later still says that it is there. */
  noteLeft({ metadata: { uid = "", resourceVersion } }: VirtualMachine): void {
    this.#left.set(uid, Number(resourceVersion));
    this.#options.binder.release(uid);
  }

  #takeHost(host: Host): void {
    const { binder, sessions } = this.#options;
    const session = sessions.get(host.metadata.name);
    // One that is connected and silent keeps its machines and gets no new ones.
    const connected = session?.answers === true;
    const volumes = connected ? session.volumes.keys() : noVolumes;
    binder.setHost(hostStateOf(host, { connected, volumes }));
  }

  #takeMachine({ type, object, previous }: Change<VirtualMachine>): void {
    const { binder, lookups } = this.#options;
    const { uid } = object.metadata;
    if (uid === undefined || (type !== "deleted" && this.#isOvertaken(uid, object))) return;
    this.#left.delete(uid);
    if (type === "deleted") {
      binder.release(uid);
      return;
    }
    const { hostName, allocated, decisions } = object.status ?? {};
    if (type === "added" && decisions !== undefined) binder.resume(decisions);
    const known = binder.snapshot.placed(uid);
    if (known === undefined) {
      if (hostName !== undefined) binder.assume(placedRequest(object, allocated, lookups), hostName);
    } else if (previous !== undefined && isSeenByOthers(previous, object)) {
      binder.assume(placedRequest(object, known.request.resources, lookups), known.hostName);
    }
  }

  #isOvertaken(uid: string, { metadata }: VirtualMachine): boolean {
    return Number(metadata.resourceVersion) < (this.#left.get(uid) ?? 0);
  }
}

/** Whether what changed may matter for where other machines can be. */
function isSeenByOthers(before: VirtualMachine, after: VirtualMachine): boolean {
  return (
    before.metadata.generation !== after.metadata.generation ||
    !deepEqual(before.metadata.labels, after.metadata.labels)
  );
}
