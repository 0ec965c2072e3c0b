import type { TSchema } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import type { Resource } from "./meta.ts";

/** A column of `get`: `path` is a dotted path into the object; `wide` shows it only with `-o wide`. */
export interface Column<T extends Resource = Resource> {
  readonly name: string;
  readonly path: string;
  readonly type: "string" | "integer" | "date";
  readonly wide?: boolean;
  readonly description?: string;
  /** What people see, where that is not just what stands at `path`. */
  show?(value: unknown, resource: T): string | number | undefined;
}

/** The path of a scalar, or a name for one. */
export type SelectableField = string | { readonly label: string; readonly path: string };

/** How many of something an object asks for and has: what `/scale` shows, and the one thing it changes. */
export interface Scale<T extends Resource = Resource> {
  desired(resource: T): number;
  /** The object asking for so many. */
  withDesired(resource: T, replicas: number): T;
  /** How many there are; 0 until somebody has counted. */
  current(resource: T): number;
  /** Which objects are counted, as `a=b,c in (d)`. */
  selector(resource: T): string;
}

/**
 * All there is to know about a kind, and the typed token by which the store is asked for its objects.
 * The schema is closed (unknown fields are errors) and carries defaults and descriptions.
 */
export interface Kind<T extends Resource = Resource> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly schema: TSchema;
  /** Whether `status` is written apart from the rest, through `updateStatus`. */
  readonly hasStatus: boolean;
  readonly columns: readonly Column<T>[];
  /** Its columns are all that is shown: no name before them and no age after. */
  readonly columnsAlone?: boolean;
  /** Served for reading alone: computed, never stored. */
  readonly readOnly?: boolean;
  /** It is different each time that somebody looks, so there is nothing to watch. */
  readonly unwatchable?: boolean;
  /** Though it is only served for reading, something of an object can be changed. */
  readonly changeable?: boolean;
  /** A question: answered when it is created, never stored. */
  readonly askOnly?: boolean;
  /** Groups of kinds that a client may name instead of this one, such as `all`; absent: none. */
  readonly categories?: readonly string[];
  /** What a field selector may name besides `metadata.name` and `metadata.namespace`. */
  readonly selectableFields?: readonly SelectableField[];
  /** Finalizers that every object has until it is being deleted: they exist before the first side effect. */
  readonly finalizers: readonly string[];
  /** Present: it has a subresource `scale`. */
  readonly scale?: Scale<T>;
  /** Fields of `spec` with a default that others set, too: a manifest without one leaves it as it is. */
  readonly sharedFields?: readonly string[];
  /** Whether a controller tells in `status.observedGeneration` what it has seen: -1 until it has looked. */
  readonly reportsGeneration?: boolean;
  /** How long an object may take to end once it is deleted, unless who deletes it says otherwise. */
  gracePeriodSeconds?(resource: T): number;
  /** Rules that span fields; called after the schema has accepted the object. */
  check?(resource: T): readonly StatusCause[];
  /** A valid object, with one way of writing what can be written in several. */
  canonicalize?(resource: T): T;
  /** Rules about what may change; called with the stored and the new object. */
  checkUpdate?(before: T, after: T): readonly StatusCause[];
}

/** `group/version`, or `version` alone for the core group. */
export function apiVersionOf(kind: Pick<Kind, "group" | "version">): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

/** `plural.group`, as error messages and RBAC name a kind. */
export function groupResource(kind: Pick<Kind, "group" | "plural">): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}
