import { HostKind } from "../schema/host.ts";
import type { Resource } from "../schema/meta.ts";
import { isRecord } from "../schema/plain.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { VolumeKind } from "../schema/volume.ts";
import { describeObject, isTerminating, type StoredObject } from "./stored-object.ts";

/** What is still on Hosts that no file names any more. */
export interface HostsInUse {
  /** The first that would be left without its Host, and the name of that. */
  readonly left: { readonly hostName: string; readonly item: StoredObject } | undefined;
  /** The names of Hosts that can go when what is on them has gone, as it is about to. */
  readonly needed: ReadonlySet<string>;
}

/**
 * Of the Hosts among `missing`, all of which is to go. What is on one of which another Host is a duplicate
 * goes on under the name of that.
 */
export function hostsInUse(missing: readonly StoredObject[], stored: readonly StoredObject[]): HostsInUse {
  const going = new Set(missing.map(describeObject));
  const heirs = stored.filter((item) => isHost(item) && !going.has(describeObject(item)));
  const renamed = new Set(heirs.map((item) => wordIn(item, "duplicateOf")));
  const names = missing.filter(isHost).map(({ object }) => object.metadata.name);
  const hosts = new Set(names.filter((name) => !renamed.has(name)));
  if (hosts.size === 0) return { left: undefined, needed: hosts };
  const placed = stored.flatMap((item) => {
    const hostName = hostNameOf(item);
    return hostName !== undefined && hosts.has(hostName) ? [{ hostName, item }] : [];
  });
  const staying = placed.filter(
    ({ item }) => !isTerminating(item.object) && !going.has(describeObject(item)),
  );
  const kept = new Set(staying.map(({ hostName }) => hostName));
  const emptied = placed.map(({ hostName }) => hostName).filter((name) => !kept.has(name));
  return { left: staying[0], needed: new Set(emptied) };
}

export function isHost({ kind }: StoredObject): boolean {
  return kind === HostKind;
}

/** Where a machine or a volume is. */
function hostNameOf(item: StoredObject): string | undefined {
  if (item.kind !== VirtualMachineKind && item.kind !== VolumeKind) return undefined;
  return wordIn(item, "hostName");
}

function wordIn({ object }: StoredObject, field: string): string | undefined {
  const { status }: Resource & { readonly status?: unknown } = object;
  const word = isRecord(status) ? status[field] : undefined;
  return typeof word === "string" ? word : undefined;
}
