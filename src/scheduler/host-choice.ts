import { type Labels, matchesExpression, matchesSelector } from "../schema/label-selector.ts";
import type { HostTerm } from "../schema/placement.ts";
import type { PlacementRules } from "./request.ts";

/** What a machine's required `hostAffinity` asks for; undefined when it asks for nothing. */
export function requiredHostTerms({ affinity }: PlacementRules): readonly HostTerm[] | undefined {
  return affinity?.hostAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.hostSelectorTerms;
}

/** Whether a host's labels are what one term asks for. */
export function matchesHostTerm({ matchExpressions }: HostTerm, labels: Labels): boolean {
  return matchExpressions.every((expression) => matchesExpression(expression, labels));
}

/** Whether the machine's `hostSelector` and required `hostAffinity` leave a host with these labels in. */
export function choosesHost(rules: PlacementRules, labels: Labels): boolean {
  const terms = requiredHostTerms(rules);
  return (
    matchesSelector({ matchLabels: rules.hostSelector ?? {} }, labels) &&
    (terms === undefined || terms.some((term) => matchesHostTerm(term, labels)))
  );
}
