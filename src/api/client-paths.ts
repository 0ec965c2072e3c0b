import { apiVersionOf, type Kind } from "../schema/kind.ts";
import type { ObjectKey } from "../schema/meta.ts";
import type { Selection, WriteQuery } from "./client.ts";

/** The parameters of a call; what is undefined is left out. */
export type Query = Readonly<Record<string, string | undefined>>;

export function collectionPath(kind: Kind, namespace: string | undefined): string {
  const root = kind.group === "" ? "/api" : "/apis";
  const scope =
    namespace === undefined || !kind.namespaced ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}/${apiVersionOf(kind)}${scope}/${kind.plural}`;
}

export function objectPath(kind: Kind, { namespace, name }: ObjectKey): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

export function selectorQuery({ labelSelector, fieldSelector }: Selection): Query {
  return { labelSelector, fieldSelector };
}

export function writeQuery({ dryRun }: WriteQuery): Query {
  return { dryRun: dryRun ? "All" : undefined };
}

export function urlOf(server: string, path: string, query: Query = {}): URL {
  const url = new URL(path, server);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}
