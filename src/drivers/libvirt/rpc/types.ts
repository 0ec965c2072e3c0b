import {
  array,
  type Codec,
  double,
  type Hyper,
  int,
  name,
  optional,
  string,
  struct,
  uhyper,
  uint,
  uuid,
  type ValueOf,
} from "./codec.ts";
import { XdrError } from "./xdr.ts";

/** How the protocol names a domain. The uuid decides; `id` is -1 while it does not run. */
export interface DomainRef {
  readonly name: string;
  readonly uuid: string;
  readonly id: number;
}

/** Written out by hand because lists hold thousands of them. */
export const domain: Codec<DomainRef> = {
  write(w, value) {
    w.string(value.name);
    uuid.write(w, value.uuid);
    w.int(value.id);
  },
  read: (r) => ({ name: r.string(), uuid: uuid.read(r), id: r.int() }),
};

/** How the protocol names a network. */
export const network = struct({ name: string, uuid });
export type NetworkRef = ValueOf<typeof network>;

/** How the protocol names a storage pool. */
export const pool = struct({ name: string, uuid });
export type PoolRef = ValueOf<typeof pool>;

/** How the protocol names a volume; `key` is mostly its path. */
export const volume = struct({ pool: string, name: string, key: string });
export type VolumeRef = ValueOf<typeof volume>;

/** How the protocol names a secret. */
export const secret = struct({ uuid, usageType: int, usageId: string });
export type SecretRef = ValueOf<typeof secret>;

/** How the protocol names a snapshot. */
export const snapshot = struct({ name: string, domain });
export type SnapshotRef = ValueOf<typeof snapshot>;

/** A named value of the type that libvirt gave it. */
export type TypedParam = { readonly field: string } & (
  | { readonly type: "int" | "uint" | "double"; readonly value: number }
  | { readonly type: "llong" | "ullong"; readonly value: Hyper }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
);

const paramType = { int: 1, uint: 2, llong: 3, ullong: 4, double: 5, boolean: 6, string: 7 } as const;

export const typedParam: Codec<TypedParam> = {
  write(w, param) {
    w.string(param.field);
    w.int(paramType[param.type]);
    switch (param.type) {
      case "int":
        return w.int(param.value);
      case "uint":
        return w.uint(param.value);
      case "llong":
        return w.hyper(param.value);
      case "ullong":
        return w.uhyper(param.value);
      case "double":
        return w.double(param.value);
      case "boolean":
        return w.int(param.value ? 1 : 0);
      case "string":
        return w.string(param.value);
    }
  },
  read(r) {
    const field = r.name();
    const type = r.int();
    switch (type) {
      case paramType.int:
        return { field, type: "int", value: r.int() };
      case paramType.uint:
        return { field, type: "uint", value: r.uint() };
      case paramType.llong:
        return { field, type: "llong", value: r.hyper() };
      case paramType.ullong:
        return { field, type: "ullong", value: r.uhyper() };
      case paramType.double:
        return { field, type: "double", value: double.read(r) };
      case paramType.boolean:
        return { field, type: "boolean", value: r.int() !== 0 };
      case paramType.string:
        return { field, type: "string", value: r.string() };
      default:
        throw new XdrError(`parameter ${field} of unknown type ${type}`);
    }
  },
};

export const typedParams = array(typedParam);

/** The parameters by name; a repeated name keeps its last value. */
export function paramMap(params: readonly TypedParam[]): ReadonlyMap<string, TypedParam["value"]> {
  return new Map(params.map((param) => [param.field, param.value]));
}

/** One counter of a node's CPU or memory statistics. */
export const nodeStat = struct({ field: name, value: uhyper });

/** All statistics of one domain. */
export const domainStats = struct({ domain, params: typedParams });
export type DomainStats = ValueOf<typeof domainStats>;

/** The error structure of replies and streams, in wire order. */
export const wireError = struct({
  code: int,
  domain: int,
  message: optional(string),
  level: int,
  domainRef: optional(domain),
  str1: optional(string),
  str2: optional(string),
  str3: optional(string),
  int1: int,
  int2: int,
  network: optional(network),
});
export type WireError = ValueOf<typeof wireError>;

export const flags = { flags: uint };
