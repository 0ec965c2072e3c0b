import type { Logger } from "../../runtime/logger.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { placedRequest } from "../binding/placed-request.ts";
import { renamedHost } from "../host/renamed.ts";
import type { MachineContext } from "./context.ts";
import { isOwn, markOf, uidOf } from "./desired.ts";
import type { Moved } from "./failovers.ts";
import { writeStatus } from "./write.ts";

/**
 * The machine's Host was removed, and another one leads to the same host, where the machine's own domain, of
 * its last placement, is seen: it is there, under that name. Nothing is started, and its epoch stays.
 */
export async function followHost(
  context: MachineContext,
  vm: VirtualMachine,
  hostName: string,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<Extract<Moved, { readonly type: "placed" }> | undefined> {
  const { clusterId, hostNamed, lookups, placer, record, sessions } = context;
  const { hostUuid, placementEpoch } = vm.status ?? {};
  const session = renamedHost(sessions.all, hostNamed, { hostName, hostUuid });
  if (session?.link.state !== "connected") return undefined;
  const domain = await session.domain(session.link.connection, uidOf(vm), signal);
  if (domain === undefined || !isOwn(markOf(vm, clusterId), domain)) return undefined;
  if (domain.mark?.epoch !== placementEpoch) return undefined;
  const { hostName: newName } = session;
  const moved = await writeStatus(context, vm, { ...vm.status, hostName: newName });
  placer.stay(placedRequest(moved, undefined, lookups), newName);
  const message = `host "${hostName}" is Host "${newName}" by now: both are the one with UUID ${hostUuid}`;
  logger.info("host has another name", { from: hostName, to: newName });
  record(moved, "Normal", "HostRenamed", message);
  return { type: "placed", vm: moved, hostName: newName };
}
