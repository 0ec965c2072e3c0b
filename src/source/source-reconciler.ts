import { createHash } from "node:crypto";
import { type Clock, formatTime } from "../runtime/clock.ts";
import { deepEqual } from "../runtime/equal.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Manifest, ParsedManifests } from "../schema/manifest.ts";
import { maxManifestBytes } from "../schema/manifest.ts";
import type { ObjectKey, Resource } from "../schema/meta.ts";
import { confirmPruneAnnotation, type Source, SourceKind, type SourceProblem } from "../schema/source.ts";
import type { Store } from "../store/store.ts";
import { planSource, type SourceFile, type SourcePlan } from "./apply.ts";
import { isAtRest, isSameScene, type Scene } from "./at-rest.ts";
import { Directory, type FolderFile, type FolderLook } from "./directory.ts";
import { executePlan, type Outcome } from "./execute.ts";
import type { FolderFiles } from "./folder-files.ts";
import { ManifestReader } from "./manifest-reader.ts";
import { sourceKinds } from "./manifest-rules.ts";
import type { Doubt, PastDoubt, Sighting } from "./prune.ts";
import { type Applied, type Finding, sourceStatus } from "./status.ts";
import { describeObject, type StoredObject } from "./stored-object.ts";

export interface SourceReconcilerOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Asks for a look at a Source: its folder may have changed. */
  readonly enqueue: (key: ObjectKey) => void;
  /** Tells people about an object, as an Event. */
  readonly record: (object: Resource, type: "Normal" | "Warning", reason: string, message: string) => void;
  /** How long objects must be missing before they are deleted; 5 seconds when absent. */
  readonly secondLookMs?: number;
  /** Where folders are read; the machine's own file system when absent. */
  readonly files?: FolderFiles | undefined;
}

/** What is remembered of a Source between two looks. Losing it costs a second look, nothing else. */
interface Memory {
  readonly path: string;
  readonly folder: Directory<ParsedManifests>;
  /** What each file said when it last could be read. */
  lastGood: ReadonlyMap<string, readonly Manifest[]>;
  /** Manifests whose objects were as they say at the last look. */
  settled: ReadonlySet<Manifest>;
  sighting: Sighting | undefined;
  /** What was there at the last look, if that found all as it should be. */
  atRest: Scene | undefined;
}

const unsettledMs = 250;
const raceMs = 500;

/**
 * Keeps the objects of a Source as the manifests in its folder say, one look at a time: read the folder, read
 * the store, plan, carry out, report. To be called for a Source when it changes, when `enqueue` asks for it,
 * and after the time it returns; never twice at once for one Source. Deleting a Source leaves its objects.
 */
export class SourceReconciler implements AsyncDisposable {
  readonly #options: SourceReconcilerOptions;
  readonly #reader: ManifestReader;
  readonly #memories = new Map<string, Memory>();

  constructor(options: SourceReconcilerOptions) {
    this.#options = options;
    this.#reader = new ManifestReader(options);
  }

  async reconcile(
    key: ObjectKey,
    signal: AbortSignal,
    logger: Logger,
  ): Promise<{ readonly requeueAfterMs?: number }> {
    const source = await this.#options.store.get(SourceKind, key);
    if (source === undefined || source.metadata.deletionTimestamp !== undefined) {
      this.#forget(key.name);
      return {};
    }
    const memory = this.#memoryOf(source);
    const look = await memory.folder.look(signal);
    const intervalMs = source.spec.intervalSeconds * 1000;
    if (look.type === "unreadable") {
      await this.#report(source, look);
      return { requeueAfterMs: intervalMs };
    }
    const files = filesOf(look.files, memory);
    const scene = { revision: await this.#revision(), device: look.device, files };
    if (isSameScene(memory.atRest, scene)) return { requeueAfterMs: intervalMs };
    const plan = await this.#plan(source, { look, files, memory });
    const outcome = await executePlan(plan, this.#options.store, signal);
    this.#tell(source, plan, outcome, { memory, logger });
    memory.settled = settledBy(plan, outcome);
    memory.sighting = plan.prune.type === "nothing" ? undefined : plan.prune.sighting;
    const finding = findingOf({ look, plan, outcome });
    await this.#report(source, finding);
    memory.atRest = isAtRest(scene, finding, outcome) ? scene : undefined;
    return { requeueAfterMs: Math.min(intervalMs, ...urgencies(look, plan, outcome)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#memories.keys()) this.#forget(name);
    await this.#reader[Symbol.asyncDispose]();
  }

  #memoryOf({ metadata, spec }: Source): Memory {
    const known = this.#memories.get(metadata.name);
    if (known?.path === spec.directory) return known;
    this.#forget(metadata.name);
    const { clock, enqueue, files } = this.#options;
    const folder = new Directory<ParsedManifests>({
      path: spec.directory,
      clock,
      files,
      maxFileBytes: maxManifestBytes,
      parse: (content, path) => this.#reader.read(content, path),
      onHint: () => enqueue({ name: metadata.name }),
    });
    const { directory: path } = spec;
    const memory: Memory = {
      ...{ path, folder, lastGood: new Map(), settled: new Set() },
      ...{ sighting: undefined, atRest: undefined },
    };
    this.#memories.set(metadata.name, memory);
    return memory;
  }

  #forget(name: string): void {
    const memory = this.#memories.get(name);
    this.#memories.delete(name);
    memory?.folder[Symbol.dispose]();
  }

  /** Of all that is stored, whatever kind it is asked with. */
  async #revision(): Promise<string> {
    return (await this.#options.store.list(SourceKind, { limit: 1 })).resourceVersion;
  }

  async #plan(source: Source, seen: Seen): Promise<SourcePlan> {
    const { store, clock, secondLookMs = 5000 } = this.#options;
    const lists = await Promise.all(
      sourceKinds.map(async (kind): Promise<readonly StoredObject[]> => {
        const { items } = await store.list(kind);
        return items.map((object) => ({ kind, object }));
      }),
    );
    const stored = lists.flat();
    const sources = stored.filter(({ kind }) => kind.kind === SourceKind.kind);
    return planSource({
      source: source.metadata.name,
      sources: new Set(sources.map(({ object }) => object.metadata.name)),
      files: seen.files,
      stored,
      enabled: source.spec.prune,
      doubts: doubtsAbout(source, seen.look),
      confirmed: source.metadata.annotations?.[confirmPruneAnnotation],
      sighting: seen.memory.sighting,
      past: pastDoubtOf(source),
      nowMs: clock.monotonic(),
      secondLookMs,
      digest: (text) => createHash("sha256").update(text).digest("hex").slice(0, 16),
    });
  }

  /** Says what was done, where a person would want to know. */
  #tell(source: Source, plan: SourcePlan, outcome: Outcome, { memory, logger }: Telling): void {
    const { record } = this.#options;
    for (const { before, manifest } of outcome.updates) {
      if (!memory.settled.has(manifest)) continue;
      record(before, "Warning", "Reverted", `set back to what ${manifest.file}:${manifest.line} says`);
    }
    if (outcome.deletions.length > 0) {
      const names = outcome.deletions.slice(0, 10).map(describeObject).join(", ");
      const total = outcome.deletions.length;
      record(source, "Normal", "Pruned", `deleted ${total} objects that no file names any more: ${names}`);
    }
    const { created, updates, deletions } = outcome;
    if (created + updates.length + deletions.length === 0) return;
    const counts = { created, updated: updates.length, deleted: deletions.length };
    logger.info("source applied", { ...counts, objects: plan.accepted.length });
  }

  /** Writes the status if it says something new, and warns of what newly keeps it from being ready. */
  async #report(source: Source, finding: Finding): Promise<void> {
    const { store, clock, record } = this.#options;
    const status = sourceStatus(source, finding, formatTime(clock.now()));
    if (deepEqual(source.status, status)) return;
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    const before = source.status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status === "False" && ready.message !== before?.message) {
      record(source, "Warning", ready.reason, ready.message);
    }
    await store.updateStatus(SourceKind, { ...source, status });
  }
}

interface Seen {
  readonly look: Extract<FolderLook<ParsedManifests>, { readonly type: "read" }>;
  readonly files: readonly SourceFile[];
  readonly memory: Memory;
}

interface Telling {
  readonly memory: Memory;
  readonly logger: Logger;
}

/** A file with any problem goes on saying what it said before. */
function filesOf(files: readonly FolderFile<ParsedManifests>[], memory: Memory): readonly SourceFile[] {
  const { lastGood } = memory;
  const current = files.map((file): SourceFile => {
    if (file.type === "read" && file.value.problems.length === 0) {
      return { path: file.path, manifests: file.value.manifests, state: "good" };
    }
    const state = file.type === "unsettled" ? "settling" : "broken";
    return { path: file.path, manifests: lastGood.get(file.path) ?? [], state };
  });
  memory.lastGood = new Map(current.map((file) => [file.path, file.manifests]));
  return current;
}

function doubtsAbout(source: Source, { device }: Seen["look"]): readonly Doubt[] {
  const trusted = source.status?.device;
  if (trusted === undefined || trusted === device) return [];
  const message = `the folder is on another file system (device ${device}, was ${trusted}): is it mounted?`;
  return [{ reason: "DeviceChanged", message }];
}

/** What was found doubtful before this process, or before the folder was last told of. */
function pastDoubtOf({ status }: Source): PastDoubt | undefined {
  if (status?.pendingPrune === undefined) return undefined;
  const { reason, deletions, total } = status.pendingPrune;
  return { reason, objects: deletions.length < total ? undefined : new Set(deletions) };
}

function findingOf({
  look,
  plan,
  outcome,
}: Pick<Seen, "look"> & { plan: SourcePlan; outcome: Outcome }): Applied {
  const problems = [...look.files.flatMap(problemsOf), ...plan.problems, ...outcome.problems];
  return {
    type: "applied",
    files: look.files.length,
    objects: plan.accepted.length,
    device: look.device,
    problems: problems.sort(byPlace),
    prune: plan.prune,
    changed: outcome.created + outcome.updates.length + outcome.deletions.length > 0,
  };
}

function byPlace(a: SourceProblem, b: SourceProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function problemsOf(file: FolderFile<ParsedManifests>): readonly SourceProblem[] {
  switch (file.type) {
    case "read":
      return file.value.problems;
    case "refused":
      return [{ file: file.path, message: file.message }];
    case "unsettled":
      return [];
  }
}

/** Manifests whose objects are now as they say. */
function settledBy({ accepted, updates }: SourcePlan, outcome: Outcome): ReadonlySet<Manifest> {
  const settled = new Set(accepted);
  for (const { manifest } of updates) settled.delete(manifest);
  for (const { manifest } of outcome.updates) settled.add(manifest);
  return settled;
}

/** What is worth another look before the interval is over. */
function urgencies(look: Seen["look"], { prune }: SourcePlan, { races }: Outcome): readonly number[] {
  return [
    ...(look.files.some((file) => file.type === "unsettled") ? [unsettledMs] : []),
    ...(prune.type === "wait" ? [prune.delayMs] : []),
    ...(races > 0 ? [raceMs] : []),
  ];
}
