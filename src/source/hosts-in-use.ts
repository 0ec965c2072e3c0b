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

/** Of the Hosts among `missing`, all of which is to go. */
export function hostsInUse(missing: readonly StoredObject[], stored: readonly StoredObject[]): HostsInUse {
  const hosts = new Set(missing.filter(isHost).map(({ object }) => object.metadata.name));
  if (hosts.size === 0) return { left: undefined, needed: hosts };
  const going = new Set(missing.map(describeObject));
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
function hostNameOf({ kind, object }: StoredObject): string | undefined {
  if (kind !== VirtualMachineKind && kind !== VolumeKind) return undefined;
  const { status }: Resource & { readonly status?: unknown } = object;
  const hostName = isRecord(status) ? status.hostName : undefined;
  return typeof hostName === "string" ? hostName : undefined;
}
