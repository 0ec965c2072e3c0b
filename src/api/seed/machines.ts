import { StatusError } from "../../runtime/errors.ts";
import { HostKind } from "../../schema/host.ts";
import { InstanceTypeKind } from "../../schema/instance-type.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { SeedContext, SeedRequest } from "./context.ts";
import { inTime } from "./deadline.ts";
import { hostOf } from "./machine-state.ts";
import { idIn, type Parameters } from "./parameters.ts";
import { removeObject } from "./remove.ts";
import { isKnown } from "./room.ts";
import { shownName } from "./shown-name.ts";

/** What the flat API tells of a machine. */
export interface SeedMachine {
  readonly vmid: number;
  readonly name: string;
  /** 0: it has a size of its own. */
  readonly instance_type: number;
  readonly pmid: number;
}

/** Tells of a machine that is known to be where it is now; of no other. */
export async function queryMachine(context: SeedContext, { parameters }: SeedRequest): Promise<SeedMachine> {
  const { ids } = context;
  const { id, object } = await machineIn(context, parameters, "get");
  const hostName = hostOf(object);
  if (hostName === undefined) throw new StatusError("Conflict", `vmid ${id} is not known to be anywhere now`);
  const host = (await ids.list(HostKind)).find((found) => found.object.metadata.name === hostName);
  if (host === undefined || !isKnown(host.object)) {
    throw new StatusError("HostUnreachable", `vmid ${id} is on host "${hostName}", which does not answer`);
  }
  const { instanceType } = object.spec;
  const types = instanceType === undefined ? [] : await ids.list(InstanceTypeKind);
  const type = types.find((found) => found.object.metadata.name === instanceType);
  return { vmid: id, name: shownName(object), instance_type: type?.id ?? 0, pmid: host.id };
}

/** Removes a machine; returns when its domain and its disks are gone. */
export async function destroyMachine(context: SeedContext, request: SeedRequest): Promise<void> {
  const { object } = await machineIn(context, request.parameters, "delete");
  await inTime(context, request.signal, (signal) =>
    removeObject(context, VirtualMachineKind, object, signal),
  );
}

/** The machine that a call is about. Throws `Forbidden` unless this may be done with it. */
export async function machineIn(
  { ids, judge }: SeedContext,
  parameters: Parameters,
  verb: "get" | "update" | "delete",
): Promise<{ readonly id: number; readonly object: VirtualMachine }> {
  const text = parameters.get("vmid");
  const id = idIn(text);
  const found = id === undefined ? undefined : await ids.find(VirtualMachineKind, id);
  if (found === undefined) throw new StatusError("NotFound", `there is no vmid ${text ?? "(none given)"}`);
  judge(verb, VirtualMachineKind, found.object.metadata);
  return found;
}
