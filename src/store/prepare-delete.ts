import { formatTime } from "../runtime/clock.ts";
import type { Kind } from "../schema/kind.ts";
import { foregroundFinalizer, type ObjectMeta, orphanFinalizer, type Resource } from "../schema/meta.ts";
import type { Change } from "./strategy.ts";

/** What becomes of the objects that an object owns: see `DeleteOptions`. */
export type Propagation = "Background" | "Foreground" | "Orphan";

export interface Deletion {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Absent: as the object's finalizers say, if they say anything; else `Background`. */
  readonly propagation?: Propagation | undefined;
  /** Absent: as long as the object's kind says. */
  readonly gracePeriodSeconds?: number | undefined;
}

/**
 * Deletion marks an object that has finalizers and ends one that has none. Of one that is marked already a
 * later deletion can change what becomes of its dependents, and make the time shorter that it is given.
 */
export function prepareDelete(kind: Kind, before: Resource, deletion: Deletion): Change {
  const { metadata } = before;
  const finalizers = finalizersFor(metadata, deletion.propagation);
  if (finalizers.length === 0) return { type: "remove" };
  if (metadata.deletionTimestamp !== undefined) return shorten(before, finalizers, deletion);
  const marked = {
    ...metadata,
    generation: (metadata.generation ?? 0) + 1,
    deletionTimestamp: formatTime(deletion.now),
    deletionGracePeriodSeconds: graceOf(kind, before, deletion),
    finalizers,
  };
  return { type: "put", resource: { ...before, metadata: marked } };
}

/** What is always there stays; of the two that say what becomes of dependents one at most is there. */
function finalizersFor({ finalizers = [] }: ObjectMeta, propagation: Propagation | undefined): string[] {
  const others = finalizers.filter((name) => name !== foregroundFinalizer && name !== orphanFinalizer);
  switch (propagation) {
    case undefined:
      return finalizers;
    case "Background":
      return others;
    case "Foreground":
      return [...others, foregroundFinalizer];
    case "Orphan":
      return [...others, orphanFinalizer];
  }
}

function shorten(before: Resource, finalizers: string[], { gracePeriodSeconds }: Deletion): Change {
  const { metadata } = before;
  const { deletionGracePeriodSeconds: old = 0 } = metadata;
  const grace = gracePeriodSeconds === undefined ? old : Math.min(old, inRange(gracePeriodSeconds));
  const isSame = (metadata.finalizers ?? []).join(" ") === finalizers.join(" ");
  if (isSame && grace === old) return { type: "none" };
  const changed = { ...metadata, finalizers, deletionGracePeriodSeconds: grace };
  return { type: "put", resource: { ...before, metadata: changed } };
}

/** Kinds that end at once have nothing to give time to. */
function graceOf(kind: Kind, before: Resource, { gracePeriodSeconds }: Deletion): number {
  const own = kind.gracePeriodSeconds?.(before);
  if (own === undefined) return 0;
  return gracePeriodSeconds === undefined ? own : inRange(gracePeriodSeconds);
}

/** As Kubernetes has it: less than nothing is hardly anything. */
function inRange(seconds: number): number {
  return seconds < 0 ? 1 : seconds;
}
