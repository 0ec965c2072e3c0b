import type { Taint } from "../schema/host.ts";
import type { Labels } from "../schema/label-selector.ts";
import { formatQuantity } from "../schema/quantity.ts";
import { formatTaint } from "./plugins/taint-toleration.ts";
import type { PlacementRequest, PlacementRules } from "./request.ts";

/** Something that a person could change so that a machine fits on a host. */
export type Change =
  /** The machine asks for this much less. */
  | {
      readonly type: "ReduceResources";
      readonly cpus: number;
      readonly memoryBytes: number;
      readonly diskBytes: number;
    }
  /** The machine tolerates it, or the host loses it. */
  | { readonly type: "TolerateTaint"; readonly taint: Taint }
  | { readonly type: "Uncordon" }
  /** Nothing to be changed: the host must answer, or be known better. */
  | { readonly type: "AwaitHost"; readonly reason: string }
  /** The machine no longer asks for these labels of its host. */
  | { readonly type: "DropHostSelector"; readonly labels: Labels }
  | { readonly type: "DropHostAffinity" }
  /** `index` is that of the required term. */
  | {
      readonly type: "DropAffinityTerm";
      readonly affinity: "machineAffinity" | "machineAntiAffinity";
      readonly index: number;
      readonly topologyKey: string;
    }
  | { readonly type: "DropSpreadConstraint"; readonly index: number; readonly topologyKey: string }
  | {
      readonly type: "RaiseMaxSkew";
      readonly index: number;
      readonly topologyKey: string;
      readonly from: number;
      readonly to: number;
    }
  /** These machines leave the host or its place. */
  | { readonly type: "MoveMachines"; readonly machines: readonly MovedMachine[] };

export interface MovedMachine {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Where it would fit instead; absent when nowhere, so that it would have to stop. */
  readonly destination?: string;
}

const must = "requiredDuringSchedulingIgnoredDuringExecution";

/** What the machine asks for after the changes, as far as they are its own. */
export function applyChanges(request: PlacementRequest, changes: readonly Change[]): PlacementRequest {
  return [...changes].sort((left, right) => placeOf(right) - placeOf(left)).reduce(apply, request);
}

/** Later terms go first, so that the places of those before them stay what they were. */
function placeOf(change: Change): number {
  return "index" in change ? change.index : -1;
}

function apply(request: PlacementRequest, change: Change): PlacementRequest {
  const { resources, rules } = request;
  switch (change.type) {
    case "ReduceResources":
      return {
        ...request,
        resources: {
          cpus: resources.cpus - change.cpus,
          memoryBytes: resources.memoryBytes - change.memoryBytes,
          diskBytes: resources.diskBytes - change.diskBytes,
        },
      };
    case "TolerateTaint": {
      const { key, value = "", effect } = change.taint;
      const tolerations = [...(rules.tolerations ?? []), { key, operator: "Equal" as const, value, effect }];
      return { ...request, rules: { ...rules, tolerations } };
    }
    case "DropHostSelector": {
      const kept = Object.entries(rules.hostSelector ?? {}).filter(([key]) => !(key in change.labels));
      return { ...request, rules: { ...rules, hostSelector: Object.fromEntries(kept) } };
    }
    case "DropHostAffinity": {
      const { [must]: _dropped, ...rest } = rules.affinity?.hostAffinity ?? {};
      return { ...request, rules: { ...rules, affinity: { ...rules.affinity, hostAffinity: rest } } };
    }
    case "DropAffinityTerm":
      return { ...request, rules: withoutTerm(rules, change.affinity, change.index) };
    case "DropSpreadConstraint":
      return { ...request, rules: withConstraint(rules, change.index, undefined) };
    case "RaiseMaxSkew":
      return { ...request, rules: withConstraint(rules, change.index, change.to) };
    case "Uncordon":
    case "AwaitHost":
    case "MoveMachines":
      return request;
  }
}

function withoutTerm(
  rules: PlacementRules,
  name: "machineAffinity" | "machineAntiAffinity",
  index: number,
): PlacementRules {
  const affinity = rules.affinity?.[name];
  const terms = affinity?.[must]?.filter((_term, place) => place !== index);
  return { ...rules, affinity: { ...rules.affinity, [name]: { ...affinity, [must]: terms } } };
}

function withConstraint(rules: PlacementRules, index: number, maxSkew: number | undefined): PlacementRules {
  const constraints = (rules.topologySpreadConstraints ?? []).flatMap((constraint, place) => {
    if (place !== index) return [constraint];
    return maxSkew === undefined ? [] : [{ ...constraint, maxSkew }];
  });
  return { ...rules, topologySpreadConstraints: constraints };
}

/** A change in a few words, as an instruction. */
export function describeChange(change: Change): string {
  switch (change.type) {
    case "ReduceResources":
      return `ask for ${describeResources(change)} less`;
    case "TolerateTaint":
      return `tolerate taint ${formatTaint(change.taint)} or remove it`;
    case "Uncordon":
      return "uncordon the host";
    case "AwaitHost":
      return `wait: the host is ${change.reason}`;
    case "DropHostSelector": {
      const labels = Object.entries(change.labels).map(([key, value]) => `${key}=${value}`);
      return `drop ${labels.join(", ")} from hostSelector or label the host`;
    }
    case "DropHostAffinity":
      return "drop the required hostAffinity";
    case "DropAffinityTerm":
      return `drop required term ${change.index} (${change.topologyKey}) of ${change.affinity}`;
    case "DropSpreadConstraint":
      return `drop the spread constraint on ${change.topologyKey}`;
    case "RaiseMaxSkew":
      return `raise maxSkew on ${change.topologyKey} from ${change.from} to ${change.to}`;
    case "MoveMachines":
      return change.machines.map(describeMove).join(", ");
  }
}

function describeMove({ namespace, name, destination }: MovedMachine): string {
  const machine = `${namespace}/${name}`;
  return destination === undefined ? `stop ${machine}` : `move ${machine} to ${destination}`;
}

function describeResources(change: Extract<Change, { type: "ReduceResources" }>): string {
  const { cpus, memoryBytes, diskBytes } = change;
  const parts = [
    ...(cpus > 0 ? [cpus === 1 ? "1 CPU" : `${cpus} CPUs`] : []),
    ...(memoryBytes > 0 ? [`${formatBytes(memoryBytes)} memory`] : []),
    ...(diskBytes > 0 ? [`${formatBytes(diskBytes)} disk`] : []),
  ];
  return parts.join(" and ");
}

/** Rounded up to whole MiB, where it is that much. */
function formatBytes(bytes: number): string {
  const unit = 2 ** 20;
  return formatQuantity(bytes < unit ? bytes : Math.ceil(bytes / unit) * unit);
}
