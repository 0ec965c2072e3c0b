import { array, bool, int, optional, string, struct, uhyper, uint, uuid } from "./codec.ts";
import { control, work } from "./procedure.ts";
import { domain, flags, snapshot, typedParams } from "./types.ts";

/** Bits of `create` flags. */
export const createFlag = { paused: 1, autodestroy: 2, bypassCache: 4, forceBoot: 8, validate: 16 } as const;

/** Bits of `undefine` flags: without them a domain that has such things is not undefined. */
export const undefineFlag = {
  managedSave: 1,
  snapshotsMetadata: 2,
  nvram: 4,
  keepNvram: 8,
  checkpointsMetadata: 16,
} as const;

/** Bits of `destroy` flags: `graceful` never sends SIGKILL. */
export const destroyFlag = { graceful: 1 } as const;

/** Bits of flags of calls that change a domain: what runs, or what its next start uses. */
export const affect = { current: 0, live: 1, config: 2 } as const;

/** Bits of `blockResize` flags: without `bytes` the size is in KiB. */
export const blockResizeFlag = { bytes: 1 } as const;

/** Bits of `getXml` flags. */
export const xmlFlag = { secure: 1, inactive: 2, updateCpu: 4, migratable: 8 } as const;

/** What `setMetadata` and `getMetadata` speak of. */
export const metadataType = { description: 0, title: 1, element: 2 } as const;

const device = { domain, xml: string, ...flags };

const blockJob = { found: bool, type: int, bandwidth: uhyper, current: uhyper, end: uhyper };

const interfaceAddress = struct({ type: int, address: string, prefix: uint });
const guestInterface = struct({
  name: string,
  hardwareAddress: optional(string),
  addresses: array(interfaceAddress),
});

/** What can be done with domains, and with their snapshots. */
export const domainCalls = {
  lookupById: control(22, "DOMAIN_LOOKUP_BY_ID", { id: int }, { domain }),
  lookupByName: control(23, "DOMAIN_LOOKUP_BY_NAME", { name: string }, { domain }),
  lookupByUuid: control(24, "DOMAIN_LOOKUP_BY_UUID", { uuid }, { domain }),
  isActive: control(150, "DOMAIN_IS_ACTIVE", { domain }, { active: bool }),
  isPersistent: control(151, "DOMAIN_IS_PERSISTENT", { domain }, { persistent: bool }),
  getState: control(212, "DOMAIN_GET_STATE", { domain, ...flags }, { state: int, reason: int }),
  getXml: control(14, "DOMAIN_GET_XML_DESC", { domain, ...flags }, { xml: string }),
  getInfo: work(
    16,
    "DOMAIN_GET_INFO",
    { domain },
    { state: uint, maxMemoryKib: uhyper, memoryKib: uhyper, vcpus: uint, cpuTimeNs: uhyper },
  ),

  defineXml: control(350, "DOMAIN_DEFINE_XML_FLAGS", { xml: string, ...flags }, { domain }),
  undefine: work(231, "DOMAIN_UNDEFINE_FLAGS", { domain, ...flags }, {}),
  /** A transient domain: defined and started in one. */
  createXml: work(10, "DOMAIN_CREATE_XML", { xml: string, ...flags }, { domain }),
  /** Starts it; the answer carries its new id. */
  create: work(196, "DOMAIN_CREATE_WITH_FLAGS", { domain, ...flags }, { domain }),
  destroy: control(234, "DOMAIN_DESTROY_FLAGS", { domain, ...flags }, {}),
  shutdown: work(258, "DOMAIN_SHUTDOWN_FLAGS", { domain, ...flags }, {}),
  reboot: work(27, "DOMAIN_REBOOT", { domain, ...flags }, {}),
  reset: work(245, "DOMAIN_RESET", { domain, ...flags }, {}),
  suspend: work(34, "DOMAIN_SUSPEND", { domain }, {}),
  resume: work(28, "DOMAIN_RESUME", { domain }, {}),
  rename: work(358, "DOMAIN_RENAME", { domain, newName: optional(string), ...flags }, { result: int }),
  getAutostart: control(15, "DOMAIN_GET_AUTOSTART", { domain }, { autostart: bool }),
  setAutostart: work(29, "DOMAIN_SET_AUTOSTART", { domain, autostart: bool }, {}),
  managedSave: work(182, "DOMAIN_MANAGED_SAVE", { domain, ...flags }, {}),
  hasManagedSave: control(183, "DOMAIN_HAS_MANAGED_SAVE_IMAGE", { domain, ...flags }, { has: bool }),
  managedSaveRemove: work(184, "DOMAIN_MANAGED_SAVE_REMOVE", { domain, ...flags }, {}),

  getMetadata: control(
    265,
    "DOMAIN_GET_METADATA",
    { domain, type: int, uri: optional(string), ...flags },
    { metadata: string },
  ),
  /** Without `metadata`: removes it. */
  setMetadata: work(
    264,
    "DOMAIN_SET_METADATA",
    {
      domain,
      type: int,
      metadata: optional(string),
      key: optional(string),
      uri: optional(string),
      ...flags,
    },
    {},
  ),

  attachDevice: work(160, "DOMAIN_ATTACH_DEVICE_FLAGS", device, {}),
  detachDevice: work(161, "DOMAIN_DETACH_DEVICE_FLAGS", device, {}),
  updateDevice: work(174, "DOMAIN_UPDATE_DEVICE_FLAGS", device, {}),
  setVcpus: work(199, "DOMAIN_SET_VCPUS_FLAGS", { domain, vcpus: uint, ...flags }, {}),
  getVcpus: work(200, "DOMAIN_GET_VCPUS_FLAGS", { domain, ...flags }, { vcpus: int }),
  setMemory: work(204, "DOMAIN_SET_MEMORY_FLAGS", { domain, memoryKib: uhyper, ...flags }, {}),
  blockResize: work(251, "DOMAIN_BLOCK_RESIZE", { domain, disk: string, size: uhyper, ...flags }, {}),
  setUserPassword: work(
    357,
    "DOMAIN_SET_USER_PASSWORD",
    { domain, user: optional(string), password: optional(string), ...flags },
    {},
  ),

  getBlockInfo: work(
    194,
    "DOMAIN_GET_BLOCK_INFO",
    { domain, path: string, ...flags },
    { allocation: uhyper, capacity: uhyper, physical: uhyper },
  ),
  getBlockJobInfo: work(238, "DOMAIN_GET_BLOCK_JOB_INFO", { domain, path: string, ...flags }, blockJob),
  getMemoryStats: work(
    159,
    "DOMAIN_MEMORY_STATS",
    { domain, maxStats: uint, ...flags },
    { stats: array(struct({ tag: int, value: uhyper })) },
  ),
  getJobStats: work(298, "DOMAIN_GET_JOB_STATS", { domain, ...flags }, { type: int, params: typedParams }),
  abortJob: work(164, "DOMAIN_ABORT_JOB", { domain }, {}),
  getInterfaceAddresses: work(
    353,
    "DOMAIN_INTERFACE_ADDRESSES",
    { domain, source: uint, ...flags },
    { interfaces: array(guestInterface) },
  ),
  getGuestInfo: work(
    418,
    "DOMAIN_GET_GUEST_INFO",
    { domain, types: uint, ...flags },
    { params: typedParams },
  ),

  /** Opens a stream in both directions. */
  openConsole: work(201, "DOMAIN_OPEN_CONSOLE", { domain, device: optional(string), ...flags }, {}),
  /** Opens a download stream. */
  screenshot: work(
    211,
    "DOMAIN_SCREENSHOT",
    { domain, screen: uint, ...flags },
    { mimeType: optional(string) },
  ),

  snapshotCreateXml: work(185, "DOMAIN_SNAPSHOT_CREATE_XML", device, { snapshot }),
  snapshotGetXml: control(186, "DOMAIN_SNAPSHOT_GET_XML_DESC", { snapshot, ...flags }, { xml: string }),
  snapshotLookup: control(
    189,
    "DOMAIN_SNAPSHOT_LOOKUP_BY_NAME",
    { domain, name: string, ...flags },
    { snapshot },
  ),
  snapshotList: control(
    274,
    "DOMAIN_LIST_ALL_SNAPSHOTS",
    { domain, needResults: int, ...flags },
    { snapshots: array(snapshot), count: int },
  ),
  snapshotRevert: work(192, "DOMAIN_REVERT_TO_SNAPSHOT", { snapshot, ...flags }, {}),
  snapshotDelete: work(193, "DOMAIN_SNAPSHOT_DELETE", { snapshot, ...flags }, {}),
} as const;
