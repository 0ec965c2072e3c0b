import { HostKind } from "../../schema/host.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import type { Store } from "../../store/store.ts";

/** What somebody who deletes this object may not have thought of. */
export async function deletionWarnings(
  store: Store,
  kind: Kind,
  object: Resource,
): Promise<readonly string[]> {
  if (kind.kind !== HostKind.kind || kind.group !== HostKind.group) return [];
  const { name } = object.metadata;
  const [machines, volumes] = [await store.list(VirtualMachineKind), await store.list(VolumeKind)];
  const isThere = ({ status }: { readonly status?: { readonly hostName?: string | undefined } }): boolean =>
    status?.hostName === name;
  const counts = [
    countOf(machines.items.filter(isThere).length, "machine"),
    countOf(volumes.items.filter(isThere).length, "volume"),
  ].flatMap((count) => count ?? []);
  if (counts.length === 0) return [];
  const { items: hosts } = await store.list(HostKind);
  const heir = hosts.find(({ status }) => status?.duplicateOf === name)?.metadata.name;
  const becomes =
    heir === undefined
      ? "is Unknown until it is added again"
      : `goes on as on host "${heir}", which is the same`;
  return [`what is on host "${name}" stays there, and ${becomes}: ${counts.join(", ")}`];
}

function countOf(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} ${what}${count === 1 ? "" : "s"}`;
}
