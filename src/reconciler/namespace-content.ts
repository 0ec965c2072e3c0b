import { formatTime } from "../runtime/clock.ts";
import { setCondition } from "../schema/conditions.ts";
import { groupResource, type Kind } from "../schema/kind.ts";
import type { Condition, Resource } from "../schema/meta.ts";

/** What is left in a namespace that is being deleted. */
export type NamespaceContent = readonly (readonly [Kind, readonly Resource[]])[];

const maxShown = 20;

/** The conditions of a namespace that is being deleted, in Kubernetes' words. */
export function namespaceConditions(
  before: readonly Condition[],
  content: NamespaceContent,
  failure: string | undefined,
  now: number,
): readonly Condition[] {
  const remaining = describeCounts(content.map(([kind, items]) => [groupResource(kind), items.length]));
  const finalizers = describeFinalizers(content);
  const time = formatTime(now);
  const told: readonly (readonly [string, string | undefined, string, string])[] = [
    [
      "NamespaceDeletionContentFailure",
      failure,
      "ContentDeletionFailed",
      "All content successfully deleted, may be waiting on finalization",
    ],
    [
      "NamespaceContentRemaining",
      remaining && `Some resources are remaining: ${remaining}`,
      "SomeResourcesRemain",
      "All content successfully removed",
    ],
    [
      "NamespaceFinalizersRemaining",
      finalizers && `Some content in the namespace has finalizers remaining: ${finalizers}`,
      "SomeFinalizersRemain",
      "All content-preserving finalizers finished",
    ],
  ];
  return told.reduce<readonly Condition[]>((list, [type, trouble, reason, allIsWell]) => {
    const [status, why, message] = trouble
      ? (["True", reason, trouble] as const)
      : (["False", goodReasons[type] ?? "Done", allIsWell] as const);
    return setCondition(list, { type, status, reason: why, message }, time);
  }, before);
}

const goodReasons: Readonly<Record<string, string>> = {
  NamespaceDeletionContentFailure: "ContentDeleted",
  NamespaceContentRemaining: "ContentRemoved",
  NamespaceFinalizersRemaining: "ContentHasNoFinalizers",
};

function describeCounts(counts: readonly (readonly [string, number])[]): string {
  const some = counts.filter(([, count]) => count > 0);
  const shown = some.slice(0, maxShown).map(([name, count]) => `${name} has ${count} resource instances`);
  return [...shown, ...(some.length > maxShown ? ["..."] : [])].join(", ");
}

function describeFinalizers(content: NamespaceContent): string {
  const names = content.flatMap(([, items]) => items.flatMap(({ metadata }) => metadata.finalizers ?? []));
  const counts = [...Map.groupBy(names, (name) => name)].sort(([a], [b]) => (a < b ? -1 : 1));
  return counts
    .slice(0, maxShown)
    .map(([name, found]) => `${name} in ${found.length} resource instances`)
    .join(", ");
}
