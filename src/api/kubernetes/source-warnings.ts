import { deepEqual } from "../../runtime/equal.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { isSystemKey, recordedPath, sourceOf } from "../../schema/origin.ts";
import { isRecord } from "../../schema/plain.ts";
import { SourceKind } from "../../schema/source.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import type { Store } from "../../store/store.ts";

/** What a caller has done to an object; without `before` it was made, without `after` it is gone. */
export interface Change {
  readonly kind: Kind;
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
}

/** What the folders will make of what a caller has done to objects that come from them. */
export async function sourceWarnings(
  store: Pick<Store, "get">,
  changes: readonly Change[],
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { kind, before, after } of changes) {
    const source = sourceOf(before);
    if (before === undefined || source === undefined) continue;
    const warning = warningOf(kind, before, after);
    if (warning === undefined || (await store.get(SourceKind, { name: source })) === undefined) continue;
    warnings.push(warning);
  }
  return warnings;
}

/** Undefined: nothing is made of it, or that depends on what the file leaves to others. */
function warningOf(kind: Kind, before: Resource, after: Resource | undefined): string | undefined {
  const { name, deletionTimestamp } = before.metadata;
  const [source, file] = [sourceOf(before), recordedPath(before)];
  const origin = `${file === undefined ? "" : `"${file}" in `}the folder of source "${source}"`;
  const label = `${kind.singular} "${name}"`;
  if (deletionTimestamp !== undefined) return undefined;
  if (after === undefined || after.metadata.deletionTimestamp !== undefined) {
    return `${label} is made anew${anewOf(kind)} unless it is taken out of ${origin}`;
  }
  const isReleased = sourceOf(after) !== source;
  const isSame = deepEqual(declaredBy(kind, before), declaredBy(kind, after));
  return isReleased || isSame ? undefined : `${label} is put back to what is said in ${origin}`;
}

function anewOf(kind: Kind): string {
  if (kind === VirtualMachineKind) return ", with new disks,";
  return kind === VolumeKind ? ", empty," : "";
}

/** All that a file has the last word on. */
function declaredBy(
  { sharedFields = [] }: Kind,
  resource: Resource & { readonly status?: unknown },
): unknown {
  const { metadata, status: _, ...fields } = resource;
  const declared = Object.entries(fields).map(([name, value]) => {
    return [name, name === "spec" ? without(value, (field) => sharedFields.includes(field)) : value];
  });
  const { labels = {}, annotations = {} } = metadata;
  const keys = [labels, annotations].map((of) => without(of, isSystemKey));
  return [Object.fromEntries(declared), keys];
}

function without(value: unknown, isLeft: (name: string) => boolean): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !isLeft(name)));
}
