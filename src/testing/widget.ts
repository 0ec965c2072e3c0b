import type { Kind } from "../schema/kind.ts";
import type { ObjectMeta, Resource } from "../schema/meta.ts";

/** An object of no importance, for tests of what treats all kinds alike. */
export interface Widget extends Resource {
  readonly spec?: { readonly [field: string]: unknown };
  readonly status?: { readonly [field: string]: unknown };
}

const widgets = {
  group: "test.ostler.dev",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  singular: "widget",
  shortNames: [],
  namespaced: true,
  schema: {},
  hasStatus: true,
  columns: [],
  finalizers: [],
};

/** Namespaced, with status, without finalizers. */
export const WidgetKind: Kind<Widget> = widgets;

/** Every new object gets a finalizer. */
export const GuardedKind: Kind<Widget> = {
  ...widgets,
  kind: "Guarded",
  plural: "guardeds",
  singular: "guarded",
  finalizers: ["test.ostler.dev/guard"],
};

/** Cluster-scoped, without a status of its own. */
export const ZoneKind: Kind<Widget> = {
  ...widgets,
  kind: "Zone",
  plural: "zones",
  singular: "zone",
  namespaced: false,
  hasStatus: false,
};

/** Namespaces as far as tests need them. */
export const SpaceKind: Kind<Widget> = {
  ...widgets,
  group: "",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  namespaced: false,
  finalizers: ["test.ostler.dev/content"],
};

/** A widget in namespace `default` unless `metadata` says otherwise. */
export function widget(name: string, spec: Widget["spec"] = {}, metadata: Partial<ObjectMeta> = {}): Widget {
  return instance(WidgetKind, name, spec, { namespace: "default", ...metadata });
}

/** An object of any of these kinds. */
export function instance(
  kind: Kind<Widget>,
  name: string,
  spec: Widget["spec"] = {},
  metadata: Partial<ObjectMeta> = {},
): Widget {
  const apiVersion = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  return { apiVersion, kind: kind.kind, metadata: { name, ...metadata }, spec };
}
