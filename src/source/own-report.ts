import { deepEqual } from "../runtime/equal.ts";
import type { Source } from "../schema/source.ts";

/** A change of a Source, as an informer tells of it. */
export interface SourceChange {
  readonly type: "added" | "modified" | "deleted" | "resync";
  readonly object: Source;
  readonly previous?: Source;
}

/** A change of nothing but the status, which is the report on a look at the folder: no reason for another. */
export function isOwnReport({ type, object, previous }: SourceChange): boolean {
  if (type !== "modified" || previous === undefined) return false;
  const [before, after] = [previous.metadata, object.metadata];
  return (
    before.uid === after.uid &&
    before.generation === after.generation &&
    before.deletionTimestamp === after.deletionTimestamp &&
    deepEqual(before.annotations, after.annotations)
  );
}
