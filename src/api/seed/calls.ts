import { assertNever } from "../../runtime/errors.ts";
import { HostKind } from "../../schema/host.ts";
import { ImageKind } from "../../schema/image.ts";
import { InstanceTypeKind } from "../../schema/instance-type.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import type { SeedCall } from "./answers.ts";
import { attachVolume, detachVolume } from "./attach.ts";
import { listImages, listTypes } from "./catalogue.ts";
import type { SeedContext, SeedRequest } from "./context.ts";
import { createMachines } from "./create.ts";
import { createVolume } from "./create-volume.ts";
import { listHosts, listMachinesOf, queryHost } from "./hosts.ts";
import { destroyMachine, queryMachine } from "./machines.ts";
import { destroyVolume, queryVolume } from "./volumes.ts";

/** Whether a call changes something. */
export function isChange(call: SeedCall): boolean {
  return /\/(create|destroy|attach|detach)$/.test(call);
}

/** Does what a call asks for and returns what it answers. Whatever is thrown means that it failed. */
export async function answerCall(
  context: SeedContext,
  call: SeedCall,
  request: SeedRequest,
): Promise<unknown> {
  judgeCall(context, call);
  switch (call) {
    case "vm/create": {
      const vmids = await createMachines(context, request);
      return vmids.length === 1 ? { vmid: vmids[0] } : { vmids };
    }
    case "vm/query":
      return queryMachine(context, request);
    case "vm/destroy":
      await destroyMachine(context, request);
      return { status: 1 };
    case "vm/types":
      return { types: await listTypes(context) };
    case "image/list":
      return { images: await listImages(context) };
    case "pm/list":
      return { pmids: await listHosts(context) };
    case "pm/listvms":
      return { vmids: await listMachinesOf(context, request) };
    case "pm/query":
      return queryHost(context, request);
    case "volume/create":
      return { volumeid: await createVolume(context, request) };
    case "volume/query":
      return queryVolume(context, request);
    case "volume/destroy":
      await destroyVolume(context, request);
      return { status: 1 };
    case "volume/attach":
      await attachVolume(context, request);
      return { status: 1 };
    case "volume/detach":
      await detachVolume(context, request);
      return { status: 1 };
    default:
      return assertNever(call);
  }
}

/** What is asked of no object in particular; the others are judged once it is known which one is meant. */
function judgeCall({ judge, settings: { namespace } }: SeedContext, call: SeedCall): void {
  if (call === "vm/create") judge("create", VirtualMachineKind, { namespace });
  if (call === "volume/create") judge("create", VolumeKind, { namespace });
  if (call === "vm/types") judge("list", InstanceTypeKind);
  if (call === "image/list") judge("list", ImageKind);
  if (call.startsWith("pm/")) judge("list", HostKind);
  if (call === "pm/listvms") judge("list", VirtualMachineKind);
}
