import { type Host, HostKind } from "../schema/host.ts";
import { type Image, ImageKind } from "../schema/image.ts";
import { type InstanceType, InstanceTypeKind } from "../schema/instance-type.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import type { Index } from "./cache.ts";
import type { Informer } from "./informer.ts";
import type { SharedInformers } from "./shared-informers.ts";

/** The informers that machines depend on, with the machines grouped by what calls for a look at them. */
export interface Catalog {
  readonly machines: Informer<VirtualMachine>;
  readonly hosts: Informer<Host>;
  readonly images: Informer<Image>;
  readonly instanceTypes: Informer<InstanceType>;
  /** By status.hostName; unplaced machines under the empty name. */
  readonly machinesByHost: Index<VirtualMachine>;
  readonly machinesByUid: Index<VirtualMachine>;
  /** By `image/NAME` and `instanceType/NAME`. */
  readonly machinesByReference: Index<VirtualMachine>;
}

/** Asks for the informers and adds the indexes. */
export function buildCatalog(informers: SharedInformers): Catalog {
  const machines = informers.get(VirtualMachineKind);
  return {
    machines,
    hosts: informers.get(HostKind),
    images: informers.get(ImageKind),
    instanceTypes: informers.get(InstanceTypeKind),
    machinesByHost: machines.cache.addIndex((vm) => [vm.status?.hostName ?? ""]),
    machinesByUid: machines.cache.addIndex((vm) => (vm.metadata.uid === undefined ? [] : [vm.metadata.uid])),
    machinesByReference: machines.cache.addIndex(referencesOf),
  };
}

function referencesOf({ spec }: VirtualMachine): readonly string[] {
  const images = [spec.kernelBoot?.kernel, spec.kernelBoot?.initrd, ...spec.disks.map((disk) => disk.image)];
  const named = new Set(images.filter((name) => name !== undefined).map((name) => `image/${name}`));
  return spec.instanceType === undefined ? [...named] : [...named, `instanceType/${spec.instanceType}`];
}
