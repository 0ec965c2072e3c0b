import type { Kind } from "../../../schema/kind.ts";
import type { ObjectMeta, Resource } from "../../../schema/meta.ts";
import { isRecord } from "../../../schema/plain.ts";
import { parseJson } from "../json.ts";
import { compareFields } from "./compare.ts";
import { configurationOf } from "./configuration.ts";
import { configuredFields } from "./field-sets.ts";
import { objectTypeOf } from "./field-type.ts";
import { difference, type Fields } from "./fields.ts";
import type { FieldConflict } from "./ownership.ts";

/** Where client-side `kubectl apply` keeps what it applied. */
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** As long as an annotation may be. */
const maxLength = 262_144;

/** The only applier that is known to be the same person as the one who applied on the client's side. */
const kubectl = "kubectl";

/**
 * The conflicts that are left when kubectl takes over, from itself, what it applied on the client's side and
 * nobody has changed since.
 */
export function withoutOwnConflicts(
  conflicts: readonly FieldConflict[],
  { kind, live, manager }: { readonly kind: Kind; readonly live: Resource; readonly manager: string },
): readonly FieldConflict[] {
  const own = manager === kubectl && conflicts.length > 0 ? unchangedSince(kind, live) : undefined;
  if (own === undefined) return conflicts;
  return conflicts.flatMap((conflict) => {
    const fields = difference(conflict.fields, own);
    return fields === undefined ? [] : [{ ...conflict, fields }];
  });
}

/** Keeps what client-side apply would read true while kubectl applies on the server's side. */
export function withLastApplied(metadata: ObjectMeta, body: unknown, manager: string): ObjectMeta {
  const { annotations } = metadata;
  if (manager !== kubectl || annotations?.[annotation] === undefined) return metadata;
  const { [annotation]: _, ...others } = annotations;
  const text = `${JSON.stringify(body)}\n`;
  return { ...metadata, annotations: text.length > maxLength ? others : { ...others, [annotation]: text } };
}

function unchangedSince(kind: Kind, live: Resource): Fields | undefined {
  const text = live.metadata.annotations?.[annotation];
  const applied = text === undefined ? undefined : parseOr(text);
  if (!isRecord(applied)) return undefined;
  const type = objectTypeOf(kind);
  const config = configurationOf(type, applied, (field) => field !== "status");
  const { changed, removed } = compareFields(type, config, live);
  return difference(difference(configuredFields(type, config), changed), removed);
}

/** What a client wrote into an annotation may be anything. */
function parseOr(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
