import { StatusError } from "../runtime/errors.ts";
import { HostKind } from "../schema/host.ts";
import { ImageKind } from "../schema/image.ts";
import { InstanceTypeKind } from "../schema/instance-type.ts";
import type { Kind } from "../schema/kind.ts";
import type { Manifest } from "../schema/manifest.ts";
import { keyOf } from "../schema/meta.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { recordedPath } from "../schema/origin.ts";
import type { SourceProblem } from "../schema/source.ts";
import type { Store } from "../store/store.ts";
import type { SourcePlan, Update } from "./apply.ts";
import { describeObject, type StoredObject } from "./stored-object.ts";

/** What came of a plan. */
export interface Outcome {
  readonly created: number;
  readonly updates: readonly Update[];
  readonly deletions: readonly StoredObject[];
  /** Manifests that the store refused. */
  readonly problems: readonly SourceProblem[];
  /** Writes that somebody else came before: look again soon. */
  readonly races: number;
}

/**
 * Enough for a store that commits in groups, and no more: all that one commit sets free goes on in one turn
 * of the event loop, and for so long nobody takes what hosts have answered.
 */
const concurrency = 16;

/** What others refer to comes first, and goes last. */
const order: readonly Kind[] = [NamespaceKind, HostKind, InstanceTypeKind, ImageKind];

interface Step {
  readonly rank: number;
  readonly place: Omit<SourceProblem, "message">;
  write(): Promise<unknown>;
  done(): void;
}

/**
 * Carries a plan out: kind after kind, many objects at once. What the store refuses is a problem of that
 * object only; a store that is out of order ends the whole with its error.
 */
export async function executePlan(plan: SourcePlan, store: Store, signal: AbortSignal): Promise<Outcome> {
  const outcome = new Tally();
  const steps = [...writesOf(plan, store, outcome), ...deletionsOf(plan, store, outcome)];
  for (const rank of [...new Set(steps.map((step) => step.rank))].sort((a, b) => a - b)) {
    const stage = steps.filter((step) => step.rank === rank).values();
    const work = async (): Promise<void> => {
      for (const step of stage) {
        signal.throwIfAborted();
        await outcome.take(step);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }
  return outcome;
}

class Tally implements Outcome {
  created = 0;
  races = 0;
  readonly updates: Update[] = [];
  readonly deletions: StoredObject[] = [];
  readonly problems: SourceProblem[] = [];

  async take(step: Step): Promise<void> {
    try {
      await step.write();
      step.done();
    } catch (error) {
      this.#judge(step, error);
    }
  }

  #judge(step: Step, error: unknown): void {
    if (!(error instanceof StatusError)) throw error;
    switch (error.reason) {
      case "Conflict":
      case "AlreadyExists":
        this.races += 1;
        return;
      case "Invalid":
      case "NotFound":
      case "Forbidden":
      case "BadRequest":
        this.problems.push({ ...step.place, message: error.message });
        return;
      default:
        throw error;
    }
  }
}

function writesOf({ creates, updates }: SourcePlan, store: Store, outcome: Tally): readonly Step[] {
  const creating = creates.map(({ manifest, after }) => ({
    ...stepOf(manifest),
    write: () => store.create(manifest.kind, after),
    done: () => {
      outcome.created += 1;
    },
  }));
  const updating = updates.map((update) => ({
    ...stepOf(update.manifest),
    write: () => store.update(update.manifest.kind, update.after),
    done: () => void outcome.updates.push(update),
  }));
  return [...creating, ...updating];
}

function stepOf({ kind, file, line }: Manifest): Pick<Step, "rank" | "place"> {
  return { rank: rankOf(kind), place: { file, line } };
}

/** In reverse, after all else. An object that was made anew under the name is another one, and stays. */
function deletionsOf({ prune }: SourcePlan, store: Store, outcome: Tally): readonly Step[] {
  if (prune.type !== "delete") return [];
  return prune.deletions.map((item) => ({
    rank: 2 * order.length + 1 - rankOf(item.kind),
    place: { file: recordedPath(item.object) ?? describeObject(item) },
    write: async () => {
      const preconditions = { uid: item.object.metadata.uid };
      await store.delete(item.kind, keyOf(item.object), { preconditions });
    },
    done: () => void outcome.deletions.push(item),
  }));
}

function rankOf(kind: Kind): number {
  const rank = order.findIndex((first) => first.kind === kind.kind && first.group === kind.group);
  return rank === -1 ? order.length : rank;
}
