import type { DomainRef, NetworkRef, WireError } from "./types.ts";

/** The codes worth deciding on; libvirt has about 110, and any may come. */
export const errorCode = {
  internalError: 1,
  noMemory: 2,
  noSupport: 3,
  invalidArgument: 8,
  operationFailed: 9,
  xmlError: 27,
  /** Another UUID holds the name. "Already exists with uuid" is `operationFailed`. */
  domainExists: 28,
  /** The connection is read-only. */
  operationDenied: 29,
  systemError: 38,
  /** Also: the host is too old to know the procedure. */
  rpc: 39,
  noDomain: 42,
  noNetwork: 43,
  authFailed: 45,
  noStoragePool: 49,
  noStorageVolume: 50,
  /** Wrong state for the verb. */
  operationInvalid: 55,
  noSecret: 66,
  configUnsupported: 67,
  /** Another job held the domain's lock for 30 s. */
  operationTimeout: 68,
  noDomainSnapshot: 72,
  operationAborted: 78,
  noDomainMetadata: 80,
  agentUnresponsive: 86,
  accessDenied: 88,
  storageVolumeExists: 90,
  agentUnsynced: 97,
} as const;

/** The domain's name space of a code: which part of libvirt raised it, 7 being the RPC layer itself. */
export const rpcErrorDomain = 7;

/** An answer that the daemon gave: the call was received and refused. All fields of the wire are kept. */
export class LibvirtError extends Error {
  override readonly name = "LibvirtError";
  /** The procedure that was called, in libvirt's own words. */
  readonly procedure: string;
  readonly code: number;
  readonly domain: number;
  readonly level: number;
  readonly domainRef: DomainRef | undefined;
  readonly network: NetworkRef | undefined;
  readonly str1: string | undefined;
  readonly str2: string | undefined;
  readonly str3: string | undefined;
  readonly int1: number;
  readonly int2: number;

  constructor(procedure: string, error: WireError) {
    super(error.message ?? `libvirt error ${error.code}`);
    this.procedure = procedure;
    this.code = error.code;
    this.domain = error.domain;
    this.level = error.level;
    this.domainRef = error.domainRef;
    this.network = error.network;
    this.str1 = error.str1;
    this.str2 = error.str2;
    this.str3 = error.str3;
    this.int1 = error.int1;
    this.int2 = error.int2;
  }

  /** The daemon has never heard of the procedure: it is too old. */
  get isUnknownProcedure(): boolean {
    return this.code === errorCode.rpc && this.message.startsWith("unknown procedure");
  }
}

/** Whether `error` is libvirt's answer with one of these codes. */
export function isLibvirtError(error: unknown, ...codes: readonly number[]): error is LibvirtError {
  return error instanceof LibvirtError && codes.includes(error.code);
}
