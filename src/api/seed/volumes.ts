import { StatusError } from "../../runtime/errors.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { type Volume, VolumeKind, volumeBytes } from "../../schema/volume.ts";
import type { SeedContext, SeedRequest } from "./context.ts";
import { inTime } from "./deadline.ts";
import type { Numbered } from "./ids.ts";
import { idIn, type Parameters } from "./parameters.ts";
import { removeObject } from "./remove.ts";
import { shownName } from "./shown-name.ts";

/** What the flat API tells of a volume. */
export interface SeedVolume {
  readonly volumeid: number;
  readonly name: string;
  /** In GB. */
  readonly size: number;
  readonly status: "attached" | "available";
  /** Only of one that is attached. */
  readonly vmid?: number;
}

/** Tells of a volume whose data is known to be there now; of no other. */
export async function queryVolume(context: SeedContext, { parameters }: SeedRequest): Promise<SeedVolume> {
  const { id, object } = await volumeIn(context, parameters, "get");
  const told = { volumeid: id, name: shownName(object), size: volumeBytes(object.spec) / 2 ** 30 };
  switch (object.status?.phase) {
    case "Available":
    case "Attaching":
    case "Moving":
      return { ...told, status: "available" };
    case "Attached":
    case "Detaching":
      return { ...told, status: "attached", ...(await holderOf(context, object)) };
    default:
      throw new StatusError("Conflict", `volumeid ${id} is not known to be anywhere now`);
  }
}

/** Removes a volume that nobody has; returns when its data is gone. */
export async function destroyVolume(context: SeedContext, request: SeedRequest): Promise<void> {
  const { object } = await volumeIn(context, request.parameters, "delete");
  await assertFree(context, object);
  await inTime(context, request.signal, (signal) => removeObject(context, VolumeKind, object, signal));
}

/** The volume that a call is about. Throws `Forbidden` unless this may be done with it. */
export async function volumeIn(
  { ids, judge }: SeedContext,
  parameters: Parameters,
  verb: "get" | "delete",
): Promise<Numbered<Volume>> {
  const text = parameters.get("volumeid");
  const id = idIn(text);
  const found = id === undefined ? undefined : await ids.find(VolumeKind, id);
  if (found === undefined || found.object.metadata.deletionTimestamp !== undefined) {
    throw new StatusError("NotFound", `there is no volumeid ${text ?? "(none given)"}`);
  }
  judge(verb, VolumeKind, found.object.metadata);
  return found;
}

/** Throws unless no machine has the volume, and none is to get it. */
export async function assertFree({ store }: SeedContext, { metadata, status }: Volume): Promise<void> {
  const inUse = new StatusError("Conflict", `volume "${metadata.name}" is attached`);
  if (status?.attachedTo !== undefined) throw inUse;
  const { items } = await store.list(VirtualMachineKind, { namespace: metadata.namespace });
  if (items.some(({ spec }) => spec.disks.some(({ volume }) => volume === metadata.name))) throw inUse;
}

async function holderOf({ ids }: SeedContext, { status }: Volume): Promise<Pick<SeedVolume, "vmid">> {
  const machines = await ids.list(VirtualMachineKind);
  const holder = machines.find(({ object }) => object.metadata.uid === status?.attachedTo?.uid);
  return holder === undefined ? {} : { vmid: holder.id };
}
