import { type StatusCause, StatusError } from "../runtime/errors.ts";
import { apiVersionOf, groupResource, type Kind } from "./kind.ts";
import type { Resource } from "./meta.ts";
import { copyPlain, isRecord } from "./plain.ts";
import { conforms, explain } from "./validator.ts";

/** The namespace of an object that names none. */
export const defaultNamespace = "default";

const shownCauses = 5;

type WithStatus = Resource & { readonly status?: unknown };

/**
 * What somebody wrote as a valid object of this kind: a copy with its defaults and, if it names none, its
 * namespace filled in. Throws `Invalid` with a cause for each field that is wrong.
 */
export function admit<T extends Resource>(
  kind: Kind<T>,
  resource: unknown,
  namespace: string = defaultNamespace,
): T {
  const copy = copyPlain(resource);
  if (!isRecord(copy)) throw invalid(kind, copy, [{ field: "", message: "must be a mapping" }]);
  const mismatch = typeCauses(kind, copy);
  if (mismatch.length > 0) throw invalid(kind, copy, mismatch);
  const scope = settleNamespace(kind, copy, namespace);
  if (!conforms(kind, copy)) throw invalid(kind, copy, [...scope, ...explain(kind, copy)]);
  const causes = [...scope, ...(kind.check?.(copy) ?? [])];
  if (causes.length > 0) throw invalid(kind, copy, causes);
  return kind.canonicalize?.(copy) ?? copy;
}

/**
 * As `admit`, for an object of which all but the status has been admitted before: only that is looked at.
 * Sees no rules that span the status and other fields; no kind has any.
 */
export function admitStatus(kind: Kind, resource: WithStatus): WithStatus {
  const schema = statusSchemaOf(kind);
  if (resource.status === undefined || schema === undefined) return admit(kind, resource);
  const status = copyPlain(resource.status);
  // What is wrong is told in terms of the whole object.
  return conforms({ schema }, status) ? { ...resource, status } : admit(kind, resource);
}

/** Does ahead what the first object of a kind would have to wait for: compiles its schema. */
export function prepareAdmission(kind: Kind): void {
  conforms(kind, {});
  const status = statusSchemaOf(kind);
  if (status !== undefined) conforms({ schema: status }, {});
}

/** An `Invalid` error about an object, whose message tells the first few causes. */
export function invalid(kind: Kind, resource: unknown, causes: readonly StatusCause[]): StatusError {
  const shown = causes
    .slice(0, shownCauses)
    .map(({ field, message }) => (field === "" ? message : `${field}: ${message}`));
  const more = causes.length > shownCauses ? [`and ${causes.length - shownCauses} more`] : [];
  const text = [...shown, ...more].join("; ");
  return new StatusError("Invalid", `${groupResource(kind)} ${quotedName(resource)} is invalid: ${text}`, {
    causes: causes.map((cause) => ({ ...cause, reason: cause.reason ?? "FieldValueInvalid" })),
  });
}

function typeCauses(kind: Kind, resource: Record<string, unknown>): readonly StatusCause[] {
  const wanted = { apiVersion: apiVersionOf(kind), kind: kind.kind };
  if (resource.apiVersion === wanted.apiVersion && resource.kind === wanted.kind) return [];
  return Object.entries(wanted).flatMap(([field, value]) =>
    resource[field] === value ? [] : [{ field, message: `must be "${value}"` }],
  );
}

function settleNamespace(
  kind: Kind,
  resource: Record<string, unknown>,
  namespace: string,
): readonly StatusCause[] {
  const { metadata } = resource;
  if (!isRecord(metadata)) return [];
  if (kind.namespaced) {
    metadata.namespace ??= namespace;
    return [];
  }
  if (metadata.namespace === undefined) return [];
  return [{ field: "metadata.namespace", message: `not allowed: a ${kind.kind} belongs to no namespace` }];
}

function statusSchemaOf({ schema }: { readonly schema: unknown }): Record<string, unknown> | undefined {
  const properties = isRecord(schema) ? schema.properties : undefined;
  const status = isRecord(properties) ? properties.status : undefined;
  return isRecord(status) ? status : undefined;
}

function quotedName(resource: unknown): string {
  const metadata = isRecord(resource) ? resource.metadata : undefined;
  const name = isRecord(metadata) ? metadata.name : undefined;
  return typeof name === "string" ? JSON.stringify(name.slice(0, 253)) : "without a name";
}
