import { StatusError } from "../../runtime/errors.ts";
import { type Host, HostKind } from "../../schema/host.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { SeedContext, SeedRequest } from "./context.ts";
import type { Numbered } from "./ids.ts";
import { hostOf } from "./machine-state.ts";
import { idIn } from "./parameters.ts";
import { freeOn, inUnits, isKnown, listTenants, type SeedSize } from "./room.ts";

/** What the flat API tells of a host. */
export interface SeedHost {
  readonly pmid: number;
  readonly capacity: SeedSize;
  readonly free: SeedSize;
  readonly vms: number;
}

/** All hosts, whether they answer or not. */
export async function listHosts({ ids }: SeedContext): Promise<readonly number[]> {
  return (await ids.list(HostKind)).map(({ id }) => id);
}

/** The machines that are known to be on a host. */
export async function listMachinesOf(context: SeedContext, request: SeedRequest): Promise<readonly number[]> {
  return machinesOn(context, await hostIn(context, request));
}

/** What a host has, what of it is promised to nobody, and how many machines are on it. */
export async function queryHost(context: SeedContext, request: SeedRequest): Promise<SeedHost> {
  const host = await hostIn(context, request);
  const tenants = await listTenants(context.store);
  const { capacity } = host.object.status ?? {};
  if (capacity === undefined) throw new StatusError("HostUnreachable", `pmid ${host.id} is not known yet`);
  const vms = (await machinesOn(context, host)).length;
  return { pmid: host.id, capacity: inUnits(capacity), free: inUnits(freeOn(host.object, tenants)), vms };
}

async function machinesOn({ ids }: SeedContext, { object }: Numbered<Host>): Promise<readonly number[]> {
  const machines = await ids.list(VirtualMachineKind);
  return machines.filter((vm) => hostOf(vm.object) === object.metadata.name).map(({ id }) => id);
}

/** The host that a call is about; only one that answers can be told about. */
async function hostIn({ ids }: SeedContext, { parameters }: SeedRequest): Promise<Numbered<Host>> {
  const text = parameters.get("pmid");
  const id = idIn(text);
  const found = id === undefined ? undefined : await ids.find(HostKind, id);
  if (found === undefined) throw new StatusError("NotFound", `there is no pmid ${text ?? "(none given)"}`);
  if (!isKnown(found.object)) throw new StatusError("HostUnreachable", `pmid ${id} does not answer`);
  return found;
}
