import type { ObservedDomain } from "../drivers/driver.ts";
import {
  type DesiredMachine,
  defineMachine,
  type Lookups,
  markOf,
  resolveMachine,
} from "../reconciler/virtual-machine/desired.ts";
import type { Desired, ObservedMachine, PlanInput } from "../reconciler/virtual-machine/plan-input.ts";
import { wantedState } from "../reconciler/virtual-machine/run-strategy.ts";
import type { RequestLookups } from "../scheduler/request.ts";
import { admit } from "../schema/admission.ts";
import { type Image, ImageKind } from "../schema/image.ts";
import { type InstanceType, InstanceTypeKind } from "../schema/instance-type.ts";
import {
  type VirtualMachine,
  VirtualMachineKind,
  type VirtualMachineStatus,
  virtualMachineFinalizer,
} from "../schema/virtual-machine.ts";
import type { Volume } from "../schema/volume.ts";

export const clusterId = "c1c1c1c1-0000-4000-8000-000000000000";
export const uid = "01234567-89ab-4cde-8f01-23456789abcd";
/** 2026-01-01T00:00:00Z */
export const start = 1_767_225_600_000;

/** A machine as the store would hand it out. */
export function machine(
  spec: Record<string, unknown> = {},
  status: VirtualMachineStatus = {},
  metadata: Record<string, unknown> = {},
): VirtualMachine {
  const size = "instanceType" in spec ? {} : { cpus: 1, memory: "512Mi" };
  const admitted = admit(VirtualMachineKind, {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name: "web", uid, generation: 1, finalizers: [virtualMachineFinalizer], ...metadata },
    spec: { ...size, ...spec },
  });
  return { ...admitted, status };
}

/** An image whose content has a digest of this hex digit; one without is not ready. */
export function image(name: string, digit?: string): Image {
  const manifest = {
    apiVersion: "ostler.dev/v1",
    kind: "Image",
    metadata: { name },
    spec: { source: { file: "/images/x" } },
  };
  const admitted = admit(ImageKind, manifest);
  if (digit === undefined) return admitted;
  const ready = { type: "Ready", status: "True" as const, reason: "Ready", message: "" };
  const status = {
    digest: `sha256:${digit.repeat(64)}`,
    format: "qcow2" as const,
    virtualSizeBytes: 2 ** 30,
    conditions: [{ ...ready, lastTransitionTime: "2026-01-01T00:00:00Z" }],
  };
  return { ...admitted, status };
}

/** An instance type. */
export function instanceType(name: string, cpus: number, memory: string, disk?: string): InstanceType {
  const head = { apiVersion: "ostler.dev/v1", kind: "InstanceType", metadata: { name } };
  return admit(InstanceTypeKind, { ...head, spec: { cpus, memory, disk } });
}

/** Finds what is given, by name. */
export function lookups(...objects: readonly (Image | InstanceType | Volume)[]): Lookups & RequestLookups {
  const images = objects.filter((object): object is Image => object.kind === "Image");
  const volumes = objects.filter((object): object is Volume => object.kind === "Volume");
  const types = objects.filter((object): object is InstanceType => object.kind === "InstanceType");
  return {
    image: (name) => images.find(({ metadata }) => metadata.name === name),
    instanceType: (name) => types.find(({ metadata }) => metadata.name === name),
    volume: (_namespace, name) => volumes.find(({ metadata }) => metadata.name === name),
    placementPolicy: () => undefined,
    priorityClasses: () => [],
  };
}

/** The spec with its references followed; throws when that is not possible. */
export function resolved(vm: VirtualMachine, known: Lookups = lookups()): DesiredMachine {
  const resolution = resolveMachine(vm, known);
  if (resolution.type === "blocked") throw new Error(resolution.blockedBy.message);
  return resolution.machine;
}

/** What a machine asks for on a host with qemu. */
export function desired(vm: VirtualMachine, known: Lookups = lookups()): Desired {
  const resolution = resolveMachine(vm, known);
  if (resolution.type === "blocked") return resolution;
  const definition = defineMachine(resolution.machine, clusterId, "qemu");
  return { type: "resolved", machine: resolution.machine, definition };
}

/** The machine's own domain, running unless told, with the definition that its spec asks for. */
export function domain(vm: VirtualMachine, changes: Partial<ObservedDomain> = {}): ObservedDomain {
  const definition = defineMachine(resolved(vm), clusterId, "qemu");
  return {
    uid,
    domainName: definition.domainName,
    state: "running",
    reason: "booted",
    mark: markOf(vm, clusterId),
    definition,
    cpus: definition.cpus,
    memoryBytes: definition.memoryBytes,
    ...changes,
  };
}

/** What is seen of a machine on its host; without volumes unless told. */
export function observed(found?: ObservedDomain, changes: Partial<ObservedMachine> = {}): ObservedMachine {
  return { domain: found, volumes: new Map(), ...changes };
}

/** Everything a plan is made from. */
export function planInput(vm: VirtualMachine, seen: ObservedMachine, now = start): PlanInput {
  return {
    vm,
    mark: markOf(vm, clusterId),
    wanted: wantedState(vm, seen.domain),
    observed: seen,
    desired: desired(vm),
    now,
  };
}
