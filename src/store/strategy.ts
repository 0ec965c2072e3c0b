import { formatTime } from "../runtime/clock.ts";
import { deepEqual } from "../runtime/equal.ts";
import { StatusError, type StatusReason } from "../runtime/errors.ts";
import { invalid } from "../schema/admission.ts";
import { apiVersionOf, groupResource, type Kind } from "../schema/kind.ts";
import type { ObjectKey, ObjectMeta, Resource } from "../schema/meta.ts";

/** What a write comes to: nothing, a new state, or the end of the object. */
export type Change =
  | { readonly type: "none" }
  | { readonly type: "put"; readonly resource: Resource }
  | { readonly type: "remove" };

/** What a new object is given. `now` is epoch milliseconds; `suffix` makes a name of a generateName. */
export interface Birth {
  readonly uid: string;
  readonly now: number;
  readonly suffix: () => string;
}

interface Split {
  readonly metadata: ObjectMeta;
  readonly status: unknown;
  /** All fields but apiVersion, kind, metadata and, if the kind writes it apart, status. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** A new object as it will be stored, before defaults and validation. Throws `BadRequest`. */
export function prepareCreate(kind: Kind, resource: Resource, birth: Birth): Resource {
  const { metadata, rest } = split(kind, resource);
  const name = metadata.name || (metadata.generateName ? `${metadata.generateName}${birth.suffix()}` : "");
  if (name === "") throw badRequest(kind, name, "name or generateName is required");
  checkIdentity(kind, resource, { name, namespace: metadata.namespace });
  if (metadata.resourceVersion) {
    throw badRequest(kind, name, "resourceVersion should not be set on objects to be created");
  }
  const finalizers = guardedFinalizers(kind, metadata);
  const { resourceVersion, deletionTimestamp, deletionGracePeriodSeconds, ...kept } = metadata;
  // Until its controller has looked, waiting tools must not take it for settled.
  const born = kind.reportsGeneration ? { ...rest, status: { observedGeneration: -1 } } : rest;
  return assemble(kind, born, {
    ...kept,
    name,
    uid: birth.uid,
    generation: 1,
    creationTimestamp: formatTime(birth.now),
    ...(finalizers.length > 0 && { finalizers }),
  });
}

/** Five characters without vowels, so that they spell nothing. `next` is a random number below 1. */
export function nameSuffix(next: () => number): string {
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  const pick = (): string => alphabet.charAt(Math.floor(next() * alphabet.length));
  return Array.from({ length: 5 }, pick).join("");
}

/**
 * `before` with what may change taken from `resource`. Until an object is being deleted, it keeps the
 * finalizers of its kind, whatever is written. Throws `BadRequest`, `Conflict`, `Invalid`.
 */
export function prepareUpdate(kind: Kind, before: Resource, resource: Resource): Resource {
  checkSameObject(kind, before, resource);
  const { metadata: old, status } = split(kind, before);
  const { metadata, rest } = split(kind, resource);
  const ending = old.deletionTimestamp !== undefined;
  if (ending) checkNoNewFinalizers(kind, before, metadata);
  // While it ends, only who names the finalizers can mean to remove one: a plain manifest names none.
  const kept = metadata.finalizers ?? before.metadata.finalizers ?? [];
  const finalizers = ending ? kept : guardedFinalizers(kind, metadata);
  const { labels, annotations, ownerReferences, managedFields } = metadata;
  const merged = {
    ...fixed(old),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(finalizers.length > 0 && { finalizers }),
    ...(ownerReferences?.length && { ownerReferences }),
    ...(managedFields && { managedFields }),
  };
  return assemble(kind, status === undefined ? rest : { ...rest, status }, merged);
}

/** `before` with the status of `resource`. Throws `BadRequest`, `Conflict`, `MethodNotAllowed`. */
export function prepareStatusUpdate(kind: Kind, before: Resource, resource: Resource): Resource {
  if (!kind.hasStatus) {
    throw new StatusError("MethodNotAllowed", `${groupResource(kind)} have no status of their own`);
  }
  checkSameObject(kind, before, resource);
  const { rest, metadata } = split(kind, before);
  const { status } = split(kind, resource);
  return assemble(kind, status === undefined ? rest : { ...rest, status }, metadata);
}

/** What it comes to when `before` becomes `after`, with the generation counted on. */
export function changeBetween(kind: Kind, before: Resource, after: Resource): Change {
  const old = split(kind, before);
  const next = split(kind, after);
  const ended = (next.metadata.finalizers ?? []).length === 0;
  if (old.metadata.deletionTimestamp !== undefined && ended) return { type: "remove" };
  if (!deepEqual(old.rest, next.rest)) {
    const metadata = { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 };
    return { type: "put", resource: { ...after, metadata } };
  }
  const same = sameMetadata(old.metadata, next.metadata) && deepEqual(old.status, next.status);
  return same ? { type: "none" } : { type: "put", resource: after };
}

function sameMetadata(before: ObjectMeta, after: ObjectMeta): boolean {
  if (before === after) return true;
  const { resourceVersion: _, ...old } = before;
  const { resourceVersion: __, ...next } = after;
  return deepEqual(old, next);
}

/** Throws `BadRequest` unless the key names an object, with a namespace exactly when the kind has one. */
export function checkKey(kind: Kind, key: ObjectKey): void {
  const { name, namespace } = key;
  if (!name) throw badRequest(kind, name, "it has no name");
  if (name.includes("/")) throw badRequest(kind, name, "a name has no slash");
  if (kind.namespaced && !namespace) {
    throw badRequest(kind, name, "an empty namespace may not be set: this kind lives in namespaces");
  }
  if (!kind.namespaced && namespace) {
    throw badRequest(kind, name, "namespace is not allowed: this kind is cluster-scoped");
  }
}

/** Throws `Conflict` if a uid is given and the object has another: it is not the one that was meant. */
export function checkUid(kind: Kind, before: Resource, uid: string | undefined): void {
  const { name, uid: found } = before.metadata;
  if (!uid || uid === found) return;
  throw conflict(
    kind,
    name,
    `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${found}`,
  );
}

/** An error about one object, as Kubernetes words it: `virtualmachines.ostler.dev "x" not found`. */
export function objectError(reason: StatusReason, kind: Kind, name: string, what: string): StatusError {
  return new StatusError(reason, `${groupResource(kind)} "${name}" ${what}`);
}

/** The `Conflict` of a write that was based on an older state. */
export function conflict(kind: Kind, name: string, why = modified): StatusError {
  const message = `Operation cannot be fulfilled on ${groupResource(kind)} "${name}": ${why}`;
  return new StatusError("Conflict", message);
}

const modified =
  "the object has been modified; please apply your changes to the latest version and try again";

function split(kind: Kind, resource: Resource & { readonly status?: unknown }): Split {
  const { apiVersion, kind: kindName, metadata, ...rest } = resource;
  if (!kind.hasStatus) return { metadata, status: undefined, rest };
  const { status, ...desired } = rest;
  return { metadata, status, rest: desired };
}

/** Always in this order of fields, so that the stored text begins in a known way. */
function assemble(kind: Kind, rest: Split["rest"], metadata: ObjectMeta): Resource {
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata, ...rest };
}

/** The metadata that no update changes. */
function fixed(metadata: ObjectMeta): ObjectMeta {
  const { labels, annotations, finalizers, ownerReferences, managedFields, ...kept } = metadata;
  return kept;
}

/** Those of the object and, at the end, those of its kind that it lacks. */
function guardedFinalizers(kind: Kind, { finalizers = [] }: ObjectMeta): string[] {
  return [...new Set([...finalizers, ...kind.finalizers])];
}

function checkIdentity(kind: Kind, resource: Resource, key: ObjectKey): void {
  const expected = `${apiVersionOf(kind)} ${kind.kind}`;
  const found = `${resource.apiVersion} ${resource.kind}`;
  if (found !== expected) throw badRequest(kind, key.name, `the object is a ${found}, not a ${expected}`);
  checkKey(kind, key);
}

function checkSameObject(kind: Kind, before: Resource, resource: Resource): void {
  const { name, namespace, uid } = resource.metadata;
  checkIdentity(kind, resource, { name, namespace });
  checkUid(kind, before, uid);
}

function checkNoNewFinalizers(kind: Kind, before: Resource, next: ObjectMeta): void {
  const old = before.metadata.finalizers ?? [];
  const added = (next.finalizers ?? []).filter((finalizer) => !old.includes(finalizer));
  if (added.length === 0) return;
  const message = `the object is being deleted: no new finalizers can be added, found ${added.join(", ")}`;
  throw invalid(kind, before, [{ field: "metadata.finalizers", message, reason: "FieldValueForbidden" }]);
}

function badRequest(kind: Kind, name: string, why: string): StatusError {
  return objectError("BadRequest", kind, name, `cannot be accepted: ${why}`);
}
