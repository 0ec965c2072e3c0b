import { array, bool, characters, hyper, int, opaque, optional, string, uhyper, uint } from "./codec.ts";
import { control, work } from "./procedure.ts";
import { domain, domainStats, flags, network, nodeStat, pool, secret } from "./types.ts";

/** Features that `supportsFeature` can be asked for. */
export const feature = { keepalive: 10, remoteEventCallback: 14, networkUpdateOrder: 16 } as const;

/** What `authList` answers. */
export const authType = { none: 0, sasl: 1, polkit: 2 } as const;

/** Bits of `allDomainStats` groups. Only `state` and `interface` never ask a guest's QEMU. */
export const statsGroup = {
  state: 1,
  cpuTotal: 2,
  balloon: 4,
  vcpu: 8,
  interface: 16,
  block: 32,
  perf: 64,
  ioThread: 128,
  memory: 256,
  dirtyRate: 512,
} as const;

/** Bits of `allDomainStats` flags; those of `listAllDomains` are understood too. */
export const statsFlag = { active: 1, inactive: 2, running: 16, noWait: 1 << 29 } as const;

/** The connection itself, the host, and what concerns many objects at once. */
export const connectCalls = {
  open: control(1, "CONNECT_OPEN", { uri: optional(string), ...flags }, {}),
  close: control(2, "CONNECT_CLOSE", {}, {}),
  getType: control(3, "CONNECT_GET_TYPE", {}, { type: string }),
  getVersion: control(4, "CONNECT_GET_VERSION", {}, { version: hyper }),
  getLibVersion: control(157, "CONNECT_GET_LIB_VERSION", {}, { version: hyper }),
  getHostname: control(59, "CONNECT_GET_HOSTNAME", {}, { hostname: string }),
  getUri: control(110, "CONNECT_GET_URI", {}, { uri: string }),
  getCapabilities: control(7, "CONNECT_GET_CAPABILITIES", {}, { xml: string }),
  supportsFeature: control(60, "CONNECT_SUPPORTS_FEATURE", { feature: int }, { supported: bool }),
  authList: control(66, "AUTH_LIST", {}, { types: array(int) }),
  authPolkit: control(70, "AUTH_POLKIT", {}, { complete: bool }),
  registerCloseCallback: control(360, "CONNECT_REGISTER_CLOSE_CALLBACK", {}, {}),
  getMaxVcpus: control(5, "CONNECT_GET_MAX_VCPUS", { type: optional(string) }, { maxVcpus: int }),
  getSysinfo: work(203, "CONNECT_GET_SYSINFO", { ...flags }, { xml: string }),
  getDomainCapabilities: work(
    342,
    "CONNECT_GET_DOMAIN_CAPABILITIES",
    {
      emulator: optional(string),
      architecture: optional(string),
      machine: optional(string),
      virtType: optional(string),
      ...flags,
    },
    { xml: string },
  ),
  compareHypervisorCpu: work(
    393,
    "CONNECT_COMPARE_HYPERVISOR_CPU",
    {
      emulator: optional(string),
      architecture: optional(string),
      machine: optional(string),
      virtType: optional(string),
      cpuXml: string,
      ...flags,
    },
    { result: int },
  ),

  nodeGetInfo: control(
    6,
    "NODE_GET_INFO",
    {},
    {
      model: characters(32),
      memoryKib: hyper,
      cpus: int,
      mhz: int,
      nodes: int,
      sockets: int,
      cores: int,
      threads: int,
    },
  ),
  /** Ask with `count` 0 for the number of statistics, then with that number. `cpu` -1: all together. */
  nodeGetCpuStats: control(
    227,
    "NODE_GET_CPU_STATS",
    { cpu: int, count: int, ...flags },
    { params: array(nodeStat), count: int },
  ),
  /** Ask with `count` 0 for the number of statistics, then with that number. `cell` -1: all together. */
  nodeGetMemoryStats: control(
    228,
    "NODE_GET_MEMORY_STATS",
    { count: int, cell: int, ...flags },
    { params: array(nodeStat), count: int },
  ),
  nodeGetFreeMemory: control(102, "NODE_GET_FREE_MEMORY", {}, { bytes: uhyper }),

  /** A list has at most 16,384 entries; `needResults` 0 asks for their number only. */
  listAllDomains: control(
    273,
    "CONNECT_LIST_ALL_DOMAINS",
    { needResults: int, ...flags },
    { domains: array(domain), count: uint },
  ),
  listAllPools: control(
    281,
    "CONNECT_LIST_ALL_STORAGE_POOLS",
    { needResults: int, ...flags },
    { pools: array(pool), count: uint },
  ),
  listAllNetworks: control(
    283,
    "CONNECT_LIST_ALL_NETWORKS",
    { needResults: int, ...flags },
    { networks: array(network), count: uint },
  ),
  listAllNodeDevices: control(
    285,
    "CONNECT_LIST_ALL_NODE_DEVICES",
    { needResults: int, ...flags },
    { devices: array(string), count: uint },
  ),
  listAllSecrets: control(
    287,
    "CONNECT_LIST_ALL_SECRETS",
    { needResults: int, ...flags },
    { secrets: array(secret), count: uint },
  ),
  /** No domains: all. `groups` and `flags` are bits of `statsGroup` and `statsFlag`. */
  getAllDomainStats: work(
    344,
    "CONNECT_GET_ALL_DOMAIN_STATS",
    { domains: array(domain), groups: uint, ...flags },
    { records: array(domainStats) },
  ),

  secretDefineXml: control(142, "SECRET_DEFINE_XML", { xml: string, ...flags }, { secret }),
  secretSetValue: control(144, "SECRET_SET_VALUE", { secret, value: opaque, ...flags }, {}),
  secretUndefine: control(146, "SECRET_UNDEFINE", { secret }, {}),
} as const;
