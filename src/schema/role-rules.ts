import type { PolicyRule } from "./rbac.ts";

/** What somebody wants to do with a resource, in RBAC's words. */
export interface ResourceDeed {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string | undefined;
  /** Absent where no one object is meant. */
  readonly name: string | undefined;
}

/** Whether a rule allows a deed with a resource. */
export function allowsResource(rule: PolicyRule, deed: ResourceDeed): boolean {
  return (
    holds(rule.verbs, deed.verb) &&
    holds(rule.apiGroups, deed.group) &&
    holdsResource(rule.resources, deed.resource, deed.subresource) &&
    holdsName(rule.resourceNames, deed.name)
  );
}

/** Whether a rule allows a verb on a path that is no resource. */
export function allowsPath(rule: PolicyRule, verb: string, path: string): boolean {
  return holds(rule.verbs, verb) && (rule.nonResourceURLs?.some((url) => coversPath(url, path)) ?? false);
}

/** Those of the wanted rules, taken apart as far as needed, that the held ones do not allow. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(takeApart).filter((piece) => !held.some((rule) => coversPiece(rule, piece)));
}

/** All rules, each once. */
export function unionOfRules(lists: readonly (readonly PolicyRule[])[]): readonly PolicyRule[] {
  const known = new Map<string, PolicyRule>();
  for (const rule of lists.flat()) {
    const text = formatRule(rule);
    if (!known.has(text)) known.set(text, rule);
  }
  return [...known.values()];
}

/** A rule as Kubernetes writes it into messages: `{APIGroups:["x"], Resources:["y"], Verbs:["get"]}`. */
export function formatRule(rule: PolicyRule): string {
  const parts = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["ResourceNames", rule.resourceNames],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["Verbs", rule.verbs],
  ] as const;
  const shown = parts.flatMap(([name, words = []]) =>
    words.length === 0 ? [] : [`${name}:[${words.map((word) => JSON.stringify(word)).join(" ")}]`],
  );
  return `{${shown.join(", ")}}`;
}

/** The pieces of one rule: each has one verb, and one resource (perhaps one object of it) or one path. */
function takeApart(rule: PolicyRule): readonly PolicyRule[] {
  const pieces: PolicyRule[] = [];
  for (const verb of rule.verbs) {
    const verbs = [verb];
    for (const url of rule.nonResourceURLs ?? []) pieces.push({ verbs, nonResourceURLs: [url] });
    for (const apiGroup of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        const piece = { verbs, apiGroups: [apiGroup], resources: [resource] };
        const { resourceNames = [] } = rule;
        if (resourceNames.length === 0) pieces.push(piece);
        for (const name of resourceNames) pieces.push({ ...piece, resourceNames: [name] });
      }
    }
  }
  return pieces;
}

function coversPiece(rule: PolicyRule, piece: PolicyRule): boolean {
  const [verb = ""] = piece.verbs;
  if (!holds(rule.verbs, verb)) return false;
  const [url] = piece.nonResourceURLs ?? [];
  if (url !== undefined) return rule.nonResourceURLs?.some((held) => coversPath(held, url)) ?? false;
  const [group = ""] = piece.apiGroups ?? [];
  const [combined = ""] = piece.resources ?? [];
  const [resource = "", subresource] = combined.split("/", 2);
  const [name] = piece.resourceNames ?? [];
  return (
    holds(rule.apiGroups, group) &&
    holdsResource(rule.resources, resource, subresource) &&
    holdsName(rule.resourceNames, name)
  );
}

function holds(words: readonly string[] = [], wanted: string): boolean {
  return words.includes(wanted) || words.includes("*");
}

function holdsResource(
  words: readonly string[] = [],
  resource: string,
  subresource: string | undefined,
): boolean {
  if (words.includes("*")) return true;
  if (subresource === undefined) return words.includes(resource);
  return words.includes(`${resource}/${subresource}`) || words.includes(`*/${subresource}`);
}

/** Who names objects allows nothing that is not about one of them. */
function holdsName(names: readonly string[] = [], wanted: string | undefined): boolean {
  return names.length === 0 || (wanted !== undefined && names.includes(wanted));
}

/** `/a/*` covers `/a/b` and `/a/*`, but not `/a`. */
function coversPath(url: string, path: string): boolean {
  if (url === "*" || url === path) return true;
  return url.endsWith("*") && path.startsWith(url.replace(/\*+$/, ""));
}
