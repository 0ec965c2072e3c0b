import { type Image, ImageKind } from "./image.ts";
import { type InstanceType, InstanceTypeKind } from "./instance-type.ts";
import { groupResource, type Kind } from "./kind.ts";
import { bytesOf, measureMachine, ownDisksBytes } from "./machine-size.ts";
import type { Resource } from "./meta.ts";
import { countName, parseAmount, type ResourceQuota, ResourceQuotaKind, summed } from "./resource-quota.ts";
import { type VirtualMachine, VirtualMachineKind } from "./virtual-machine.ts";
import { type Volume, VolumeKind } from "./volume.ts";

/** What one object takes of what is summed up, by name, and why that cannot be told in full, if so. */
export interface ObjectUsage {
  readonly amounts: ReadonlyMap<string, number>;
  readonly unknown?: string;
}

/** Objects that say how large others are, by kind and name. */
export type Lookup = (kind: Kind, name: string) => Resource | undefined;

const nothing: ObjectUsage = { amounts: new Map() };

/** The kinds whose objects say how large others are. */
export const sizingKinds: readonly Kind[] = [InstanceTypeKind, ImageKind];

/** Whether objects of a kind take more than their own count. */
export function isMeasured(kind: Kind): boolean {
  return kind === VirtualMachineKind || kind === VolumeKind;
}

/** What an object takes; it is told by its spec and by what that refers to, never by its status. */
export function usageOf(resource: Resource, lookup: Lookup): ObjectUsage {
  if (isMachine(resource)) return machineUsage(resource, lookup);
  if (!isVolume(resource)) return nothing;
  return { amounts: new Map([["storageBytes", bytesOf(resource.spec.size)]]) };
}

/** What of an object that says how large others are matters to them. */
export function sizingFacts(resource: Resource): string {
  if (isImage(resource)) return String(resource.status?.virtualSizeBytes);
  return JSON.stringify("spec" in resource ? resource.spec : undefined);
}

/** The name under which objects of a kind are counted. */
export function countNameOf(kind: Kind): string {
  return `count/${groupResource(kind)}`;
}

/** What a quota allows: each name that it uses, the name under which that is kept, and how much. */
export interface Limit {
  readonly name: string;
  readonly kept: string;
  readonly hard: number;
}

/** Whether the objects of a kind are quotas. */
export function isQuotaKind(kind: Kind): boolean {
  return kind === ResourceQuotaKind;
}

/** The limits of a quota; none of another object. */
export function limitsOf(resource: Resource): readonly Limit[] {
  if (!isQuota(resource)) return [];
  return Object.entries(resource.spec?.hard ?? {}).flatMap(([name, amount]) => {
    const hard = parseAmount(amount);
    return hard === undefined ? [] : [{ name, kept: countName(name) ?? summed.get(name) ?? name, hard }];
  });
}

function machineUsage({ status: _seen, ...machine }: VirtualMachine, lookup: Lookup): ObjectUsage {
  const { spec } = machine;
  const measure = measureMachine(spec, (name) => typeNamed(lookup, name));
  if (measure === undefined)
    return { ...nothing, unknown: `instance type "${spec.instanceType}" is not known` };
  const storageBytes = ownDisksBytes(machine, measure, (name) => imageNamed(lookup, name));
  const { cpus, memoryBytes } = measure.size;
  return { amounts: new Map(Object.entries({ cpus, memoryBytes, storageBytes })) };
}

function typeNamed(lookup: Lookup, name: string): InstanceType | undefined {
  const found = lookup(InstanceTypeKind, name);
  return found !== undefined && isType(found) ? found : undefined;
}

function imageNamed(lookup: Lookup, name: string): Image | undefined {
  const found = lookup(ImageKind, name);
  return found !== undefined && isImage(found) ? found : undefined;
}

function isMachine(resource: Resource): resource is VirtualMachine {
  return resource.kind === VirtualMachineKind.kind;
}

function isVolume(resource: Resource): resource is Volume {
  return resource.kind === VolumeKind.kind;
}

function isImage(resource: Resource): resource is Image {
  return resource.kind === ImageKind.kind;
}

function isType(resource: Resource): resource is InstanceType {
  return resource.kind === InstanceTypeKind.kind;
}

function isQuota(resource: Resource): resource is ResourceQuota {
  return resource.kind === ResourceQuotaKind.kind;
}
