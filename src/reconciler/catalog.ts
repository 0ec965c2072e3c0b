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

function hostsOf({ status }: Volume): readonly string[] {
  const { hostName = "", move } = status ?? {};
  return move === undefined ? [hostName] : [...new Set([hostName, move.source, move.target])];
}

function volumesOf({ metadata: { namespace }, spec, status }: VirtualMachine): readonly string[] {
  const named = spec.disks.map(({ volume }) => volume).filter((name) => name !== undefined);
  const had = (status?.attachedVolumes ?? []).map(({ name }) => name);
  const inSpace = namespace === undefined ? {} : { namespace };
  return [...new Set([...named, ...had])].map((name) => volumeReference({ ...inSpace, name }));
}

function referencesOf(vm: VirtualMachine): readonly string[] {
  const { spec } = vm;
  const images = [spec.kernelBoot?.kernel, spec.kernelBoot?.initrd, ...spec.disks.map((disk) => disk.image)];
  const imageNames = new Set(images.filter((name) => name !== undefined));
  const named = [...[...imageNames].map((name) => `image/${name}`), ...volumesOf(vm)];
  return spec.instanceType === undefined ? named : [...named, `instanceType/${spec.instanceType}`];
}
