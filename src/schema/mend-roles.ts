import { autoUpdateAnnotation } from "./default-roles.ts";
import { matchesSelector } from "./label-selector.ts";
import type { ClusterRole, ClusterRoleBinding, PolicyRule } from "./rbac.ts";
import { formatRule, uncovered, unionOfRules } from "./role-rules.ts";

/** A default role with what it lacks put back; undefined when nothing is to be done, or people said no. */
export function mendRole(stored: ClusterRole, wanted: ClusterRole): ClusterRole | undefined {
  if (stored.metadata.annotations?.[autoUpdateAnnotation] === "false") return undefined;
  const rules = stored.rules ?? [];
  const missing = wanted.aggregationRule === undefined ? uncovered(rules, wanted.rules ?? []) : [];
  const { aggregationRule = wanted.aggregationRule } = stored;
  const labels = { ...wanted.metadata.labels, ...stored.metadata.labels };
  const unlabelled = Object.keys(labels).length > Object.keys(stored.metadata.labels ?? {}).length;
  if (missing.length === 0 && aggregationRule === stored.aggregationRule && !unlabelled) return undefined;
  return {
    ...stored,
    metadata: { ...stored.metadata, labels },
    rules: missing.length === 0 ? rules : [...unionOfRules([rules, wanted.rules ?? []])],
    ...(aggregationRule !== undefined && { aggregationRule }),
  };
}

/** A default binding with the subjects it lacks put back; undefined as for roles. */
export function mendBinding(
  stored: ClusterRoleBinding,
  wanted: ClusterRoleBinding,
): ClusterRoleBinding | undefined {
  if (stored.metadata.annotations?.[autoUpdateAnnotation] === "false") return undefined;
  const subjects = stored.subjects ?? [];
  const has = ({ kind, name }: (typeof subjects)[number]): boolean =>
    subjects.some((subject) => subject.kind === kind && subject.name === name);
  const missing = (wanted.subjects ?? []).filter((subject) => !has(subject));
  return missing.length === 0 ? undefined : { ...stored, subjects: [...subjects, ...missing] };
}

/** The role with the rules of all that it gathers; undefined when it gathers none, or has them already. */
export function aggregateRole(role: ClusterRole, all: readonly ClusterRole[]): ClusterRole | undefined {
  const selectors = role.aggregationRule?.clusterRoleSelectors;
  if (selectors === undefined) return undefined;
  const sources = all
    .filter(({ metadata }) => metadata.name !== role.metadata.name)
    .filter(({ metadata }) => selectors.some((selector) => matchesSelector(selector, metadata.labels ?? {})))
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  const rules = unionOfRules(sources.map((source) => source.rules ?? []));
  return textOf(rules) === textOf(role.rules ?? []) ? undefined : { ...role, rules: [...rules] };
}

function textOf(rules: readonly PolicyRule[]): string {
  return rules.map(formatRule).join("\n");
}
