import { array, bool, hyper, int, optional, string, struct, uint, uuid } from "./codec.ts";
import { control, work } from "./procedure.ts";
import { flags, network } from "./types.ts";

const lease = struct({
  interface: string,
  expiryTime: hyper,
  type: int,
  mac: optional(string),
  iaid: optional(string),
  address: string,
  prefix: uint,
  hostname: optional(string),
  clientId: optional(string),
});

/** Virtual networks. */
export const networkCalls = {
  lookupByName: control(46, "NETWORK_LOOKUP_BY_NAME", { name: string }, { network }),
  lookupByUuid: control(47, "NETWORK_LOOKUP_BY_UUID", { uuid }, { network }),
  isActive: control(152, "NETWORK_IS_ACTIVE", { network }, { active: bool }),
  getXml: control(43, "NETWORK_GET_XML_DESC", { network, ...flags }, { xml: string }),
  getBridgeName: control(45, "NETWORK_GET_BRIDGE_NAME", { network }, { bridge: string }),
  getAutostart: control(44, "NETWORK_GET_AUTOSTART", { network }, { autostart: bool }),
  setAutostart: control(48, "NETWORK_SET_AUTOSTART", { network, autostart: bool }, {}),
  getDhcpLeases: control(
    341,
    "NETWORK_GET_DHCP_LEASES",
    { network, mac: optional(string), needResults: int, ...flags },
    { leases: array(lease), count: uint },
  ),
  defineXml: control(41, "NETWORK_DEFINE_XML", { xml: string }, { network }),
  createXml: work(40, "NETWORK_CREATE_XML", { xml: string }, { network }),
  create: work(39, "NETWORK_CREATE", { network }, {}),
  destroy: work(42, "NETWORK_DESTROY", { network }, {}),
  undefine: work(49, "NETWORK_UNDEFINE", { network }, {}),
  /** For hosts with feature 16; older ones take command and section the other way round. */
  update: work(
    291,
    "NETWORK_UPDATE",
    { network, command: uint, section: uint, parentIndex: int, xml: string, ...flags },
    {},
  ),
} as const;
