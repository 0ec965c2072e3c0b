import type { LeftBehind } from "../schema/departure.ts";
import { type Host, HostKind } from "../schema/host.ts";
import { type Image, ImageKind } from "../schema/image.ts";
import { type InstanceType, InstanceTypeKind } from "../schema/instance-type.ts";
import type { ObjectKey } from "../schema/meta.ts";
import { type PlacementPolicy, PlacementPolicyKind } from "../schema/placement-policy.ts";
import { type PriorityClass, PriorityClassKind } from "../schema/priority-class.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { type Volume, VolumeKind } from "../schema/volume.ts";
import type { Index } from "./cache.ts";
import type { Informer } from "./informer.ts";
import type { SharedInformers } from "./shared-informers.ts";

/** The informers that machines depend on, with the machines grouped by what calls for a look at them. */
export interface Catalog {
  readonly machines: Informer<VirtualMachine>;
  readonly hosts: Informer<Host>;
  readonly images: Informer<Image>;
  readonly instanceTypes: Informer<InstanceType>;
  readonly volumes: Informer<Volume>;
  readonly placementPolicies: Informer<PlacementPolicy>;
  readonly priorityClasses: Informer<PriorityClass>;
  /** By status.hostName; unplaced machines under the empty name. */
  readonly machinesByHost: Index<VirtualMachine>;
  /** By the hosts on which something of them was left when they were started elsewhere. */
  readonly machinesLeftOn: Index<VirtualMachine>;
  readonly machinesByUid: Index<VirtualMachine>;
  /** By `image/NAME`, `instanceType/NAME` and `volume/NAMESPACE/NAME`. */
  readonly machinesByReference: Index<VirtualMachine>;
  /** By the hosts where they are, come from or go to; those that are nowhere yet under the empty name. */
  readonly volumesByHost: Index<Volume>;
  /** By the uid of the machine that has the claim. */
  readonly volumesByHolder: Index<Volume>;
}

/** Asks for the informers and adds the indexes. */
export function buildCatalog(informers: SharedInformers): Catalog {
  const machines = informers.get(VirtualMachineKind);
  const volumes = informers.get(VolumeKind);
  return {
    machines,
    hosts: informers.get(HostKind),
    images: informers.get(ImageKind),
    instanceTypes: informers.get(InstanceTypeKind),
    volumes,
    placementPolicies: informers.get(PlacementPolicyKind),
    priorityClasses: informers.get(PriorityClassKind),
    machinesByHost: machines.cache.addIndex((vm) => [vm.status?.hostName ?? ""]),
    machinesLeftOn: machines.cache.addIndex(
      ({ status }) => status?.leftBehind?.map(({ hostName }) => hostName) ?? [],
    ),
    machinesByUid: machines.cache.addIndex((vm) => (vm.metadata.uid === undefined ? [] : [vm.metadata.uid])),
    machinesByReference: machines.cache.addIndex(referencesOf),
    volumesByHost: volumes.cache.addIndex(hostsOf),
    volumesByHolder: volumes.cache.addIndex(({ status }) =>
      status?.attachedTo === undefined ? [] : [status.attachedTo.uid],
    ),
  };
}

/** Under this a machine that names a volume, or has it, is found. */
export function volumeReference({ namespace, name }: ObjectKey): string {
  return `volume/${namespace ?? ""}/${name}`;
}

/** What machines that were started elsewhere have left on the host. */
export function leftOn({ machinesLeftOn }: Catalog, hostName: string): readonly LeftBehind[] {
  const machines = machinesLeftOn.get(hostName);
  const left = machines.flatMap(({ status }) => status?.leftBehind ?? []);
  return left.filter((one) => one.hostName === hostName);
}

/** The machines that a change of the Host may concern: those on it, and those with domains there. */
export function machinesConcernedBy(
  { machinesByHost, machinesByUid }: Catalog,
  hostName: string,
  domainUids: Iterable<string> = [],
): readonly VirtualMachine[] {
  const seen = [...domainUids].flatMap((uid) => machinesByUid.get(uid));
  return [...new Set([...machinesByHost.get(hostName), ...seen])];
}

function hostsOf({ status }: Volume): readonly string[] {
  const { hostName = "", move } = status ?? {};
  return move === undefined ? [hostName] : [...new Set([hostName, move.source, move.target])];
}

/** Called for every state of every machine. */
function referencesOf({ metadata: { namespace }, spec, status }: VirtualMachine): readonly string[] {
  const inSpace = namespace === undefined ? {} : { namespace };
  const references = new Set<string>();
  const { kernel, initrd } = spec.kernelBoot ?? {};
  if (kernel !== undefined) references.add(`image/${kernel}`);
  if (initrd !== undefined) references.add(`image/${initrd}`);
  for (const { image, volume } of spec.disks) {
    if (image !== undefined) references.add(`image/${image}`);
    if (volume !== undefined) references.add(volumeReference({ ...inSpace, name: volume }));
  }
  for (const { name } of status?.attachedVolumes ?? []) references.add(volumeReference({ ...inSpace, name }));
  if (spec.instanceType !== undefined) references.add(`instanceType/${spec.instanceType}`);
  return [...references];
}
