import { apiVersionOf, type Kind } from "../../schema/kind.ts";
import type { JsonObject } from "./json.ts";
import type { Verb } from "./request-info.ts";
import { subresourcesOf } from "./subresources.ts";

const allVerbs: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** What may be done with the objects of a kind. */
export function verbsOf({ readOnly, unwatchable, changeable, askOnly }: Served): readonly Verb[] {
  if (askOnly) return ["create"];
  if (unwatchable) return ["get", "list"];
  if (changeable) return ["get", "list", "patch", "update", "watch"];
  return readOnly ? ["get", "list", "watch"] : allVerbs;
}

type Served = Pick<Kind, "readOnly" | "unwatchable" | "changeable" | "askOnly">;

/** Aggregated discovery: every group with all its resources, core alone or all the others. */
export function aggregatedDiscovery(
  kinds: readonly Kind[],
  part: "core" | "named",
  version: "v2" | "v2beta1",
): JsonObject {
  const groups = groupsOf(kinds).filter((group) => (group === "") === (part === "core"));
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: group === "" ? {} : { name: group },
      versions: versionsOf(kinds, group).map((served) => ({
        version: served,
        freshness: "Current",
        resources: kindsOf(kinds, group, served).map(aggregatedResource),
      })),
    })),
  };
}

/** `/api`: the versions of the core group. */
export function coreVersions(kinds: readonly Kind[]): JsonObject {
  return { kind: "APIVersions", versions: versionsOf(kinds, ""), serverAddressByClientCIDRs: [] };
}

/** `/apis`: the named groups. */
export function groupList(kinds: readonly Kind[]): JsonObject {
  const groups = groupsOf(kinds).filter((group) => group !== "");
  return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map((group) => groupOf(kinds, group)) };
}

/** `/apis/GROUP`; undefined when there is no such group. */
export function groupNamed(kinds: readonly Kind[], group: string): JsonObject | undefined {
  if (group === "" || !groupsOf(kinds).includes(group)) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", ...groupOf(kinds, group) };
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined when nothing is served there. */
export function resourceList(kinds: readonly Kind[], groupVersion: string): JsonObject | undefined {
  const served = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  if (served.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: served.flatMap((kind) => [plainResource(kind), ...plainSubresources(kind)]),
  };
}

function aggregatedResource(kind: Kind): JsonObject {
  const { group, version } = kind;
  const responseKind = { group, version, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    shortNames: kind.shortNames,
    categories: kind.categories ?? [],
    subresources: subresourcesOf(kind).map(({ name, verbs, kind: own }) => ({
      subresource: name,
      responseKind:
        own === undefined ? responseKind : { group: own.group, version: own.version, kind: own.kind },
      verbs,
    })),
  };
}

function plainResource(kind: Kind): JsonObject {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: verbsOf(kind),
    shortNames: kind.shortNames,
    categories: kind.categories ?? [],
  };
}

function plainSubresources(kind: Kind): readonly JsonObject[] {
  return subresourcesOf(kind).map(({ name, verbs, kind: own }) => ({
    name: `${kind.plural}/${name}`,
    singularName: "",
    namespaced: kind.namespaced,
    ...(own === undefined ? {} : { group: own.group, version: own.version }),
    kind: (own ?? kind).kind,
    verbs,
  }));
}

function groupOf(kinds: readonly Kind[], group: string): JsonObject {
  const versions = versionsOf(kinds, group).map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function groupsOf(kinds: readonly Kind[]): readonly string[] {
  return [...new Set(kinds.map((kind) => kind.group))];
}

function versionsOf(kinds: readonly Kind[], group: string): readonly string[] {
  return [...new Set(kinds.filter((kind) => kind.group === group).map((kind) => kind.version))];
}

function kindsOf(kinds: readonly Kind[], group: string, version: string): readonly Kind[] {
  return kinds.filter((kind) => kind.group === group && kind.version === version);
}
