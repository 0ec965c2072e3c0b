import type { Kind } from "../../../schema/kind.ts";
import type { Resource } from "../../../schema/meta.ts";
import { everyField } from "./field-sets.ts";
import { objectTypeOf } from "./field-type.ts";
import type { Fields } from "./fields.ts";

/**
 * The fields that whoever made an object owns: all but its status, which nobody sets on creation, and the
 * finalizers that the store gives every object of the kind.
 */
export function createdFields(kind: Kind, object: Resource): Fields | undefined {
  const { status: _, ...rest }: Resource & { readonly status?: unknown } = object;
  const type = objectTypeOf(kind);
  const { finalizers } = object.metadata;
  if (finalizers === undefined || kind.finalizers.length === 0) {
    return everyField(type, kind.hasStatus ? rest : object);
  }
  const given = finalizers.filter((finalizer) => !kind.finalizers.includes(finalizer));
  const metadata = { ...object.metadata, finalizers: given.length > 0 ? given : undefined };
  return everyField(type, kind.hasStatus ? { ...rest, metadata } : { ...object, metadata });
}
