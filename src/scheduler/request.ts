import type { Resources } from "../schema/host.ts";
import { type Image, imageVolumeName } from "../schema/image.ts";
import type { InstanceType } from "../schema/instance-type.ts";
import type { Labels } from "../schema/label-selector.ts";
import { measureMachine, ownDisksBytes } from "../schema/machine-size.ts";
import type { PlacementSpec } from "../schema/placement.ts";
import type { PlacementPolicy, PlacementPolicySpec } from "../schema/placement-policy.ts";
import type { PriorityClass } from "../schema/priority-class.ts";
import type { VirtualMachine } from "../schema/virtual-machine.ts";
import type { Volume } from "../schema/volume.ts";
import { volumeHome } from "./volume-home.ts";

/** The policy of machines that name none, where there is one of this name. */
export const defaultPolicyName = "default";

/**
 * What a machine asks for: all that matters of it when it is placed, and when others are placed beside it.
 */
export interface PlacementRequest {
  /** Empty for a machine that is not stored yet. */
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly resources: Resources;
  /** What its images are made for, as libvirt calls it; nothing where they run anywhere or do not say. */
  readonly architectures: readonly string[];
  /** Image contents that its host must hold before it can start. */
  readonly contents: readonly { readonly volume: string; readonly bytes: number }[];
  /**
   * The hosts on which its volumes are; it can be nowhere else, and nowhere at all where they are several.
   */
  readonly volumeHosts: readonly string[];
  readonly rules: PlacementRules;
  readonly priority: number;
  /** Whether it may be stopped to make room: for one that is not always to run that would mean something. */
  readonly preemptible: boolean;
  readonly preemptionPolicy: PriorityClass["preemptionPolicy"];
  /** How its host is chosen; undefined for the built-in policy. */
  readonly policy?: PlacementPolicySpec;
}

/** Where it may and should be, as its spec says. */
export type PlacementRules = Pick<
  PlacementSpec,
  "hostSelector" | "affinity" | "topologySpreadConstraints" | "tolerations"
>;

/** Where the objects that a machine names are looked up. */
export interface RequestLookups {
  instanceType(name: string): InstanceType | undefined;
  image(name: string): Image | undefined;
  volume(namespace: string, name: string): Volume | undefined;
  placementPolicy(name: string): PlacementPolicy | undefined;
  priorityClasses(): Iterable<PriorityClass>;
}

export type RequestResolution =
  | { readonly type: "resolved"; readonly request: PlacementRequest }
  | { readonly type: "blocked"; readonly reason: RequestBlock; readonly message: string };

export type RequestBlock = "InstanceTypeNotFound" | "PlacementPolicyNotFound" | "PriorityClassNotFound";

/**
 * What a machine asks for, from stored objects alone. An image that is missing or has not been looked at yet
 * counts for the size that its disk asks for.
 */
export function resolveRequest(vm: VirtualMachine, lookups: RequestLookups): RequestResolution {
  const { metadata, spec } = vm;
  const measure = measureMachine(spec, (name) => lookups.instanceType(name));
  if (measure === undefined) return missing("InstanceTypeNotFound", "instance type", spec.instanceType);
  const policy = lookups.placementPolicy(spec.placementPolicy ?? defaultPolicyName);
  if (policy === undefined && spec.placementPolicy !== undefined) {
    return missing("PlacementPolicyNotFound", "placement policy", spec.placementPolicy);
  }
  const priority = priorityOf(spec.priorityClassName, lookups.priorityClasses());
  if (priority === undefined)
    return missing("PriorityClassNotFound", "priority class", spec.priorityClassName);
  const namespace = metadata.namespace ?? "default";
  const diskBytes = ownDisksBytes(vm, measure, (name) => lookups.image(name));
  const request = {
    uid: metadata.uid ?? "",
    namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    resources: { ...measure.size, diskBytes },
    ...contentsOf(vm, lookups),
    volumeHosts: volumeHosts(vm, namespace, lookups),
    rules: spec,
    ...priority,
    preemptible: spec.runStrategy === "Always",
    ...(policy === undefined ? {} : { policy: policy.spec }),
  };
  return { type: "resolved", request };
}

function missing(reason: RequestBlock, what: string, name = ""): RequestResolution {
  return {
    type: "blocked",
    reason,
    message: `${what} "${name}" does not exist: create it or name another one`,
  };
}

/** What the images are, each once, as far as they are known. */
function contentsOf(
  { spec }: VirtualMachine,
  lookups: RequestLookups,
): Pick<PlacementRequest, "architectures" | "contents"> {
  const { kernel, initrd } = spec.kernelBoot ?? {};
  const names = new Set([...spec.disks.map((disk) => disk.image), kernel, initrd]);
  const images = [...names].map((name) => (name === undefined ? undefined : lookups.image(name)));
  const architectures = new Set(images.map((found) => found?.spec.architecture));
  return {
    architectures: [...architectures].filter((name) => name !== undefined),
    contents: images.flatMap((found) => {
      const { digest, format, sizeBytes } = found?.status ?? {};
      if (digest === undefined || format === undefined) return [];
      return [{ volume: imageVolumeName(digest, format), bytes: sizeBytes ?? 0 }];
    }),
  };
}

/** Where its volumes bind it to; a volume that is nowhere yet is made where the machine is. */
function volumeHosts(
  { spec }: VirtualMachine,
  namespace: string,
  lookups: RequestLookups,
): readonly string[] {
  const volumes = spec.disks.map(({ volume }) =>
    volume === undefined ? undefined : lookups.volume(namespace, volume),
  );
  const home = volumeHome(volumes.filter((volume) => volume !== undefined));
  return home === undefined ? [] : [home];
}

function priorityOf(
  name: string | undefined,
  classes: Iterable<PriorityClass>,
): Pick<PlacementRequest, "priority" | "preemptionPolicy"> | undefined {
  const all = [...classes];
  const candidates =
    name === undefined
      ? all.filter(({ globalDefault }) => globalDefault).sort((a, b) => a.value - b.value)
      : all.filter(({ metadata }) => metadata.name === name);
  const [found] = candidates;
  if (found !== undefined) return { priority: found.value, preemptionPolicy: found.preemptionPolicy };
  return name === undefined ? { priority: 0, preemptionPolicy: "PreemptLowerPriority" } : undefined;
}
