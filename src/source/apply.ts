import { deepEqual } from "../runtime/equal.ts";
import { keepingLeft, type Manifest } from "../schema/manifest.ts";
import type { Resource } from "../schema/meta.ts";
import { isSystemKey, recordedPath, sourceOf } from "../schema/origin.ts";
import { adoptAnnotation, type SourceProblem, sourceLabel, sourcePathAnnotation } from "../schema/source.ts";
import { type Doubt, type PruneInput, type PrunePlan, planPrune } from "./prune.ts";
import { describeObject, isTerminating } from "./stored-object.ts";

/** One file of the folder. */
export interface SourceFile {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  /** What it says or, unless it is good, what it said when it last was. */
  readonly manifests: readonly Manifest[];
  /** Settling: being written just now. Broken: malformed or unreadable. */
  readonly state: "good" | "settling" | "broken";
}

/** All that a plan depends on. */
export interface SourceInput extends Omit<PruneInput, "missing" | "owned" | "declared" | "settling"> {
  /** The name of the Source. */
  readonly source: string;
  /** The names of all Sources there are. */
  readonly sources: ReadonlySet<string>;
  readonly files: readonly SourceFile[];
}

export interface Create {
  readonly manifest: Manifest;
  readonly after: Resource;
}

export interface Update extends Create {
  readonly before: Resource;
}

/** What to do to make the store say what the folder says. */
export interface SourcePlan {
  readonly creates: readonly Create[];
  readonly updates: readonly Update[];
  readonly prune: PrunePlan;
  /** Manifests that cannot be applied as things are. */
  readonly problems: readonly SourceProblem[];
  /** Manifests whose objects are as they say, or will be. */
  readonly accepted: readonly Manifest[];
}

/**
 * Compares a folder with the store. An object belongs to the file that brought it for as long as that file
 * names it (or cannot be read now, and so may); other files that name it are rejected. New objects named
 * twice belong to the first file in order of path. What exists but came from elsewhere is left alone unless
 * its manifest says to adopt it. Spec, labels and annotations are the file's; status, finalizers and
 * `ostler.dev/` keys are not.
 */
export function planSource(input: SourceInput): SourcePlan {
  const planning: Planning = { input, creates: [], updates: [], problems: [], accepted: [] };
  const claims = claimsOf(input.files);
  const stored = namedIn(input);
  for (const [id, claimants] of claims) {
    const existing = stored.get(id);
    const owner = ownerOf(claimants, existing, input);
    for (const claim of claimants) {
      if (claim === owner) planManifest(planning, claim, existing);
      else planning.problems.push(rejection(claim, id, owner?.file ?? recordedPath(existing)));
    }
  }
  const { creates, updates, problems, accepted } = planning;
  return { creates, updates, problems, accepted, prune: planDeletions(input, claims) };
}

interface Planning {
  readonly input: SourceInput;
  readonly creates: Create[];
  readonly updates: Update[];
  readonly problems: SourceProblem[];
  readonly accepted: Manifest[];
}

type Claims = ReadonlyMap<string, readonly Manifest[]>;

/** Of all that is stored, by what describes it, whatever has a name that some file gives. */
function namedIn({ files, stored }: SourceInput): ReadonlyMap<string, Resource> {
  const names = new Set(
    files.flatMap(({ manifests }) => manifests.map(({ resource }) => resource.metadata.name)),
  );
  const items = stored.filter(({ object }) => names.has(object.metadata.name));
  return new Map(items.map((item) => [describeObject(item), item.object]));
}

/** Who names which object, in order of path and of place in the file. */
function claimsOf(files: readonly SourceFile[]): Claims {
  const inOrder = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const manifests = inOrder.flatMap((file) => file.manifests);
  return Map.groupBy(manifests, ({ kind, resource }) => describeObject({ kind, object: resource }));
}

function ownerOf(
  claimants: readonly Manifest[],
  existing: Resource | undefined,
  { source, files }: SourceInput,
): Manifest | undefined {
  const recorded = sourceOf(existing) === source ? recordedPath(existing) : undefined;
  const same = claimants.find((claim) => claim.file === recorded);
  if (same !== undefined) return same;
  const mayStillOwn = files.some((file) => file.path === recorded && file.state !== "good");
  return mayStillOwn ? undefined : claimants[0];
}

function planManifest(planning: Planning, manifest: Manifest, existing: Resource | undefined): void {
  const { input, creates, updates, problems, accepted } = planning;
  if (existing === undefined) {
    creates.push({ manifest, after: newObject(manifest, input.source) });
    accepted.push(manifest);
    return;
  }
  if (isTerminating(existing)) return;
  const conflict = conflictOf(manifest, existing, input);
  if (conflict !== undefined) {
    problems.push(problemAt(manifest, conflict));
    return;
  }
  const after = changedObject(manifest, input.source, existing);
  if (!deepEqual(existing, after)) updates.push({ manifest, before: existing, after });
  accepted.push(manifest);
}

function conflictOf(
  { kind, resource }: Manifest,
  existing: Resource,
  { source, sources }: SourceInput,
): string | undefined {
  const owner = sourceOf(existing);
  if (owner === source) return undefined;
  const name = describeObject({ kind, object: existing });
  if (owner !== undefined && sources.has(owner)) return `${name} belongs to the Source "${owner}"`;
  if (resource.metadata.annotations?.[adoptAnnotation] === "true") return undefined;
  const remedy = `to take it over, annotate it ${adoptAnnotation}: "true"`;
  return `${name} exists and was not made from a file; ${remedy}`;
}

function planDeletions(input: SourceInput, claims: Claims): PrunePlan {
  const owned = input.stored.filter(
    ({ object }) => sourceOf(object) === input.source && !isTerminating(object),
  );
  const unclear = new Set(input.files.filter(({ state }) => state !== "good").map(({ path }) => path));
  const missing = owned.filter((item) => {
    return !claims.has(describeObject(item)) && !unclear.has(recordedPath(item.object) ?? "");
  });
  const doubts = [...doubtAbout(input.files), ...input.doubts];
  const settling = input.files.some(({ state }) => state === "settling");
  return planPrune({ ...input, doubts, missing, settling, owned: owned.length, declared: claims.size });
}

/** What is missing may have moved into a file that cannot be read yet. */
function doubtAbout(files: readonly SourceFile[]): readonly Doubt[] {
  const [first, ...rest] = files.filter(({ state }) => state === "broken");
  if (first === undefined) return [];
  const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
  return [{ reason: "BrokenFiles", message: `it is not known what ${first.path}${more} should say` }];
}

function newObject({ resource, file }: Manifest, source: string): Resource {
  const { name, namespace, labels, annotations } = resource.metadata;
  const { [adoptAnnotation]: _, ...kept } = annotations ?? {};
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...labels, [sourceLabel]: source },
    annotations: { ...kept, [sourcePathAnnotation]: file },
  };
  return { ...withoutStatus(resource), metadata };
}

function changedObject(
  manifest: Manifest,
  source: string,
  before: Resource & { readonly status?: unknown },
): Resource {
  const fresh = keepingLeft(manifest, before, newObject(manifest, source));
  const metadata = {
    ...before.metadata,
    labels: { ...controllerKeys(before.metadata.labels), ...fresh.metadata.labels },
    annotations: { ...controllerKeys(before.metadata.annotations), ...fresh.metadata.annotations },
  };
  const { status } = before;
  return { ...fresh, metadata, ...(status === undefined ? {} : { status }) };
}

/** An empty one is all that a file may have. */
function withoutStatus(resource: Resource & { readonly status?: unknown }): Resource {
  const { status: _, ...rest } = resource;
  return rest;
}

function controllerKeys(keys: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(keys ?? {}).filter(([key]) => isSystemKey(key)));
}

function rejection(manifest: Manifest, id: string, owner: string | undefined): SourceProblem {
  const elsewhere = owner === manifest.file ? "an earlier document of this file" : (owner ?? "another file");
  return problemAt(manifest, `${id} already comes from ${elsewhere}; this one is ignored`);
}

function problemAt({ file, line }: Manifest, message: string): SourceProblem {
  return { file, line, message };
}
