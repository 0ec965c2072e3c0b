import type { StatusCause } from "../runtime/errors.ts";
import type { Kind } from "../schema/kind.ts";
import { type ParsedManifests, parseManifests } from "../schema/manifest.ts";
import type { Resource } from "../schema/meta.ts";
import { kinds } from "../schema/scheme.ts";
import { sourceLabel, sourcePathAnnotation } from "../schema/source.ts";

/** Kinds that only controllers write: no file owns one. */
const controllerKinds: ReadonlySet<string> = new Set(["Event", "Lease"]);

/** Who may write into a folder may run machines; who may do what on the server is not theirs to say. */
const accessKinds: ReadonlySet<string> = new Set([
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "AccessToken",
]);

/** What the system writes into metadata. Harmless when empty, as kubectl's generators leave it. */
const systemMetadata = [
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "finalizers",
  "ownerReferences",
  "managedFields",
] as const;

/** Space, tab, line feed and carriage return, and what a file has that was made longer but not written. */
const blanks: ReadonlySet<number> = new Set([0, 9, 10, 13, 32]);

/** The kinds that manifests in a folder may hold. */
export const sourceKinds: readonly Kind[] = kinds.filter(
  ({ kind }) => !controllerKinds.has(kind) && !accessKinds.has(kind),
);

/** What a manifest in a folder must not say, because it is not a person's to say. */
export function checkManifest(
  kind: Kind,
  resource: Resource & { readonly status?: unknown },
): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const refuse = (field: string, message: string): void => {
    causes.push({ field, message, reason: "UnknownField" });
  };
  if (controllerKinds.has(kind.kind))
    refuse("kind", `a ${kind.kind} is written by controllers, not by files`);
  if (accessKinds.has(kind.kind))
    refuse("kind", `a ${kind.kind} decides who may do what, and is written through the API only`);
  if (!isEmpty(resource.status)) refuse("status", "written by Ostler, not by files; remove it");
  for (const field of systemMetadata) {
    if (isEmpty(resource.metadata[field])) continue;
    refuse(`metadata.${field}`, "written by Ostler, not by files; remove it");
  }
  if (resource.metadata.labels?.[sourceLabel] !== undefined) {
    refuse(`metadata.labels["${sourceLabel}"]`, "set by Ostler to the name of the Source; remove it");
  }
  if (resource.metadata.annotations?.[sourcePathAnnotation] !== undefined) {
    refuse(`metadata.annotations["${sourcePathAnnotation}"]`, "set by Ostler to the file; remove it");
  }
  return causes;
}

/**
 * What a file of a folder says. One in which nothing is written at all was cut off by a full disk or a crash
 * more often than it was meant so: it is broken, and what it last said stands.
 */
export function parseManifestFile(content: Uint8Array, file: string): ParsedManifests {
  if (content.every((byte) => blanks.has(byte))) {
    const message = "the file is empty; remove it, or put a comment in it, to give up what it named";
    return { manifests: [], problems: [{ file, line: 1, column: 1, message }] };
  }
  return parseManifests(content, file, { check: checkManifest });
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)
  );
}
