import { type Fields, hyper, int, optional, string, struct, uhyper, uint } from "./codec.ts";
import { control, type Layout } from "./procedure.ts";
import { domain, network, pool, typedParams } from "./types.ts";
import type { XdrReader } from "./xdr.ts";

/** Objects whose events are registered for together; callback ids are unique within one. */
export type EventFamily = "domain" | "network" | "pool";

/** How the events of a family are switched on and off. */
export const registration = {
  domain: {
    register: control(
      316,
      "CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY",
      { eventId: int, object: optional(domain) },
      { callbackId: int },
    ),
    deregister: control(317, "CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY", { callbackId: int }, {}),
  },
  network: {
    register: control(
      313,
      "CONNECT_NETWORK_EVENT_REGISTER_ANY",
      { eventId: int, object: optional(network) },
      { callbackId: int },
    ),
    deregister: control(314, "CONNECT_NETWORK_EVENT_DEREGISTER_ANY", { callbackId: int }, {}),
  },
  pool: {
    register: control(
      368,
      "CONNECT_STORAGE_POOL_EVENT_REGISTER_ANY",
      { eventId: int, object: optional(pool) },
      { callbackId: int },
    ),
    deregister: control(369, "CONNECT_STORAGE_POOL_EVENT_DEREGISTER_ANY", { callbackId: int }, {}),
  },
} as const;

/** Where an event comes from and how it is read. */
export interface EventLayout<E> {
  readonly type: string;
  readonly family: EventFamily;
  readonly eventId: number;
  /** The number of the message that carries it, after the callback id. */
  readonly procedure: number;
  read(reader: XdrReader): E;
}

function event<T extends string, F extends Layout & { readonly type?: never }>(
  type: T,
  family: EventFamily,
  eventId: number,
  procedure: number,
  fields: F,
): EventLayout<{ readonly type: T } & Fields<F>> & { readonly type: T } {
  const payload = struct(fields);
  return { type, family, eventId, procedure, read: (reader) => ({ type, ...payload.read(reader) }) };
}

/** Every event that can be subscribed to: event id, message number, what it carries. */
export const eventLayouts = [
  event("lifecycle", "domain", 0, 318, { domain, event: int, detail: int }),
  event("reboot", "domain", 1, 319, { domain }),
  event("rtcChange", "domain", 2, 320, { domain, offset: hyper }),
  event("watchdog", "domain", 3, 321, { domain, action: int }),
  event("ioError", "domain", 6, 324, { domain, path: string, alias: string, action: int, reason: string }),
  event("controlError", "domain", 7, 325, { domain }),
  event("diskChange", "domain", 9, 327, {
    domain,
    oldPath: optional(string),
    newPath: optional(string),
    alias: string,
    reason: int,
  }),
  event("trayChange", "domain", 10, 328, { domain, alias: string, reason: int }),
  event("pmWakeup", "domain", 11, 329, { reason: int, domain }),
  event("pmSuspend", "domain", 12, 330, { reason: int, domain }),
  event("balloonChange", "domain", 13, 331, { domain, actualKib: uhyper }),
  event("pmSuspendDisk", "domain", 14, 332, { reason: int, domain }),
  event("deviceRemoved", "domain", 15, 333, { domain, alias: string }),
  event("blockJob", "domain", 16, 339, { domain, target: string, jobType: int, status: int }),
  event("tunable", "domain", 17, 346, { domain, params: typedParams }),
  event("agentLifecycle", "domain", 18, 348, { domain, state: int, reason: int }),
  event("deviceAdded", "domain", 19, 354, { domain, alias: string }),
  event("migrationIteration", "domain", 20, 359, { domain, iteration: int }),
  event("jobCompleted", "domain", 21, 363, { domain, params: typedParams }),
  event("deviceRemovalFailed", "domain", 22, 367, { domain, alias: string }),
  event("metadataChange", "domain", 23, 379, { domain, metadataType: int, uri: optional(string) }),
  event("blockThreshold", "domain", 24, 385, {
    domain,
    device: string,
    path: optional(string),
    threshold: uhyper,
    excess: uhyper,
  }),
  event("memoryFailure", "domain", 25, 423, { domain, recipient: int, action: int, flags: uint }),
  event("networkLifecycle", "network", 0, 315, { network, event: int, detail: int }),
  event("poolLifecycle", "pool", 0, 370, { pool, event: int, detail: int }),
  event("poolRefresh", "pool", 1, 373, { pool }),
] as const;

type DaemonEvent = ReturnType<(typeof eventLayouts)[number]["read"]>;

/** An event of the daemon, or `lost`: at least one could not be read or kept, so look at everything again. */
export type LibvirtEvent = DaemonEvent | { readonly type: "lost" };

/** What can be subscribed to. */
export type EventType = DaemonEvent["type"];

/** The `event` of `lifecycle`. */
export const lifecycleEvent = {
  defined: 0,
  undefined: 1,
  started: 2,
  suspended: 3,
  resumed: 4,
  stopped: 5,
  shutdown: 6,
  pmsuspended: 7,
  crashed: 8,
} as const;
