import type { PolicyRule } from "../schema/rbac.ts";

/** Who has what in a generated world, in the plainest words. */
export interface ReferenceGrant {
  readonly who: { readonly type: "user" | "group"; readonly name: string };
  /** Undefined: everywhere. */
  readonly namespace: string | undefined;
  readonly rules: readonly PolicyRule[];
}

export interface ReferenceQuestion {
  readonly user: { readonly name: string; readonly groups: readonly string[] };
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * What Kubernetes' documentation says of RBAC, written down as it is read there and sharing nothing with what
 * decides: somebody may do something if any rule of any role that they have been given, where it is done or
 * everywhere, names its verb, its API group and its resource (with its subresource), and names it or nothing.
 */
export function referenceAllows(grants: readonly ReferenceGrant[], question: ReferenceQuestion): boolean {
  if (question.user.groups.includes("system:masters")) return true;
  for (const grant of grants) {
    const isTheirs =
      grant.who.type === "user"
        ? grant.who.name === question.user.name
        : question.user.groups.indexOf(grant.who.name) >= 0;
    if (!isTheirs) continue;
    if (grant.namespace !== undefined && grant.namespace !== question.namespace) continue;
    for (const rule of grant.rules) {
      const verbs = new Set(rule.verbs);
      if (!verbs.has("*") && !verbs.has(question.verb)) continue;
      const groups = new Set(rule.apiGroups);
      if (!groups.has("*") && !groups.has(question.group)) continue;
      const resources = new Set(rule.resources);
      let isResource = resources.has("*");
      if (question.subresource === undefined) isResource ||= resources.has(question.resource);
      else {
        isResource ||= resources.has(`${question.resource}/${question.subresource}`);
        isResource ||= resources.has(`*/${question.subresource}`);
      }
      if (!isResource) continue;
      const names = rule.resourceNames ?? [];
      if (names.length > 0 && (question.name === undefined || !names.includes(question.name))) continue;
      return true;
    }
  }
  return false;
}
