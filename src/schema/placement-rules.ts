import type { StatusCause } from "../runtime/errors.ts";
import { checkExpression, checkSelector } from "./label-selector.ts";
import type {
  Affinity,
  HostTerm,
  MachineTerm,
  PlacementSpec,
  SpreadConstraint,
  Toleration,
} from "./placement.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/** What is wrong in what a machine's spec says about its place, beyond what the schema can say. */
export function checkPlacement(spec: PlacementSpec): readonly StatusCause[] {
  return [
    ...(spec.affinity === undefined ? [] : checkAffinity(spec.affinity)),
    ...(spec.topologySpreadConstraints ?? []).flatMap(checkSpread),
    ...(spec.tolerations ?? []).flatMap(checkToleration),
  ];
}

function checkAffinity({ hostAffinity, ...machines }: Affinity): readonly StatusCause[] {
  const host = "spec.affinity.hostAffinity";
  const must = hostAffinity?.[required]?.hostSelectorTerms ?? [];
  const rather = hostAffinity?.[preferred] ?? [];
  return [
    ...must.flatMap((term, index) => checkHostTerm(term, `${host}.${required}.hostSelectorTerms[${index}]`)),
    ...rather.flatMap(({ preference }, index) =>
      checkHostTerm(preference, `${host}.${preferred}[${index}].preference`),
    ),
    ...checkMachines(machines.machineAffinity, "spec.affinity.machineAffinity"),
    ...checkMachines(machines.machineAntiAffinity, "spec.affinity.machineAntiAffinity"),
  ];
}

function checkHostTerm({ matchExpressions }: HostTerm, field: string): readonly StatusCause[] {
  return matchExpressions.flatMap((expression, index) =>
    checkExpression(expression, `${field}.matchExpressions[${index}]`),
  );
}

function checkMachines(affinity: Affinity["machineAffinity"], field: string): readonly StatusCause[] {
  const must = affinity?.[required] ?? [];
  const rather = affinity?.[preferred] ?? [];
  return [
    ...must.flatMap((term, index) => checkMachineTerm(term, `${field}.${required}[${index}]`)),
    ...rather.flatMap(({ machineAffinityTerm }, index) =>
      checkMachineTerm(machineAffinityTerm, `${field}.${preferred}[${index}].machineAffinityTerm`),
    ),
  ];
}

function checkMachineTerm({ labelSelector }: MachineTerm, field: string): readonly StatusCause[] {
  return checkSelector(labelSelector, `${field}.labelSelector`);
}

function checkSpread(
  constraint: SpreadConstraint,
  index: number,
  all: readonly SpreadConstraint[],
): readonly StatusCause[] {
  const field = `spec.topologySpreadConstraints[${index}]`;
  const { topologyKey, whenUnsatisfiable, minDomains, labelSelector } = constraint;
  const causes = [...checkSelector(labelSelector, `${field}.labelSelector`)];
  const first = all.findIndex(
    (other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable,
  );
  if (first !== index) {
    causes.push({ field, message: `a second constraint with "${topologyKey}" and ${whenUnsatisfiable}` });
  }
  if (minDomains !== undefined && whenUnsatisfiable !== "DoNotSchedule") {
    causes.push({ field: `${field}.minDomains`, message: "only with whenUnsatisfiable: DoNotSchedule" });
  }
  return causes;
}

function checkToleration({ key, operator, value }: Toleration, index: number): readonly StatusCause[] {
  const field = `spec.tolerations[${index}]`;
  if (operator === "Exists" && value !== undefined && value !== "") {
    return [{ field: `${field}.value`, message: "operator Exists takes no value" }];
  }
  if (operator === "Equal" && key === undefined) {
    return [{ field: `${field}.key`, message: "required with operator Equal; without a key give Exists" }];
  }
  return [];
}
