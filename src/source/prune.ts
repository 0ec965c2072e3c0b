import { NamespaceKind } from "../schema/namespace.ts";
import { type HostsInUse, hostsInUse, isHost } from "./hosts-in-use.ts";
import { describeObject, type StoredObject } from "./stored-object.ts";

/** Why deleting what has gone from the folder may be a mistake. */
export interface Doubt {
  readonly reason: string;
  readonly message: string;
}

/** Since when exactly this set of objects has been missing; `hash` names the set. */
export interface Sighting {
  readonly hash: string;
  readonly sinceMs: number;
  readonly past?: PastDoubt | undefined;
}

/**
 * A doubt about objects that outlasts its cause for as long as they are missing: when an emptied folder is
 * filled again, file by file, what is not back yet must not go.
 */
export interface PastDoubt {
  readonly reason: string;
  /** As `describeObject` names them; absent: all that are missing. */
  readonly objects?: ReadonlySet<string> | undefined;
}

export interface PruneInput {
  /** Objects of this source that no file names any more. */
  readonly missing: readonly StoredObject[];
  /** How many objects of this source there are. */
  readonly owned: number;
  /** How many objects the files name. */
  readonly declared: number;
  readonly stored: readonly StoredObject[];
  readonly enabled: boolean;
  /** Some file is being written just now: what is missing may be about to be in it. */
  readonly settling: boolean;
  readonly doubts: readonly Doubt[];
  /** The hash that somebody has agreed to. */
  readonly confirmed: string | undefined;
  /** That of the look before. */
  readonly sighting: Sighting | undefined;
  /** What was in doubt when the status was written; counts until there has been a look. */
  readonly past?: PastDoubt | undefined;
  /** On a clock that never goes back. */
  readonly nowMs: number;
  readonly secondLookMs: number;
  /** A cryptographic digest, in short. */
  digest(text: string): string;
}

/** What to delete now, if anything; `sighting` is to be given to the next look. */
export type PrunePlan =
  | { readonly type: "nothing" }
  | { readonly type: "wait"; readonly sighting: Sighting; readonly delayMs: number }
  | {
      readonly type: "blocked";
      readonly sighting: Sighting;
      readonly doubt: Doubt;
      readonly deletions: readonly StoredObject[];
    }
  | { readonly type: "delete"; readonly sighting: Sighting; readonly deletions: readonly StoredObject[] };

/** More deletions at once than this many, and than this share of all, are doubtful. */
const smallCount = 3;
const smallShare = 0.1;
/** Reasons that tell of a loss, with what is said of it later. */
const lasting: ReadonlyMap<string, string> = new Map([
  ["FolderEmpty", "these objects went missing when the folder named none at all"],
  ["TooManyDeletions", "these objects went missing with too many others at once"],
]);
const settlingMs = 250;

/**
 * Decides about the objects whose manifests are gone. The same set must be missing in two looks some seconds
 * apart, and nothing may be doubtful, unless a person has agreed to this very set: its hash covers kind,
 * namespace, name and uid of each object, so that an agreement is never good for anything else.
 */
export function planPrune(input: PruneInput): PrunePlan {
  const { missing, enabled, sighting: before, nowMs, secondLookMs } = input;
  if (!enabled || missing.length === 0) return { type: "nothing" };
  const hosts = hostsInUse(missing, input.stored);
  // A Host goes when its machines have: without it nobody could end them.
  const unneeded = missing.filter((item) => !isHost(item) || !hosts.needed.has(item.object.metadata.name));
  if (unneeded.length === 0) return { type: "nothing" };
  const deletions = unneeded.toSorted((a, b) => (describeObject(a) < describeObject(b) ? -1 : 1));
  const hash = input.digest(deletions.map(identityOf).join("\n"));
  const past = pastOf(before === undefined ? input.past : before.past, deletions);
  const present = input.doubts[0] ?? doubtAbout(deletions, input) ?? doubtAboutHosts(hosts);
  const sinceMs = before?.hash === hash ? before.sinceMs : nowMs;
  const sighting = { hash, sinceMs, past: lastingDoubt(present, deletions) ?? past };
  if (input.settling) return { type: "wait", sighting, delayMs: settlingMs };
  if (input.confirmed === hash) return { type: "delete", sighting, deletions };
  const delayMs = sinceMs + secondLookMs - nowMs;
  if (delayMs > 0) return { type: "wait", sighting, delayMs };
  // What outlasts its cause is told first: the status, which is all that a restart leaves, must name it.
  const isLasting = present !== undefined && lasting.has(present.reason);
  const doubt =
    isLasting || past === undefined
      ? present
      : { reason: past.reason, message: lasting.get(past.reason) ?? "" };
  return doubt === undefined
    ? { type: "delete", sighting, deletions }
    : { type: "blocked", sighting, doubt, deletions };
}

/** The doubt that was, if any of what it was about is still missing. */
function pastOf(past: PastDoubt | undefined, deletions: readonly StoredObject[]): PastDoubt | undefined {
  if (past === undefined || !lasting.has(past.reason)) return undefined;
  const { objects } = past;
  const isLeft = objects === undefined || deletions.some((item) => objects.has(describeObject(item)));
  return isLeft ? past : undefined;
}

function lastingDoubt(doubt: Doubt | undefined, deletions: readonly StoredObject[]): PastDoubt | undefined {
  if (doubt === undefined || !lasting.has(doubt.reason)) return undefined;
  return { reason: doubt.reason, objects: new Set(deletions.map(describeObject)) };
}

function doubtAbout(
  missing: readonly StoredObject[],
  { owned, declared, stored }: PruneInput,
): Doubt | undefined {
  if (declared === 0) return { reason: "FolderEmpty", message: "the folder names no object at all" };
  if (missing.length > smallCount && missing.length > owned * smallShare) {
    const message = `${missing.length} of ${owned} objects are gone from the folder at once`;
    return { reason: "TooManyDeletions", message };
  }
  return doubtAboutNamespaces(missing, stored);
}

/** Deleting a namespace deletes what is in it, whoever made it. */
function doubtAboutNamespaces(
  missing: readonly StoredObject[],
  stored: readonly StoredObject[],
): Doubt | undefined {
  const namespaces = new Set(missing.filter(isNamespace).map(({ object }) => object.metadata.name));
  if (namespaces.size === 0) return undefined;
  const going = new Set(missing.map(describeObject));
  const inside = stored.find(
    (item) => namespaces.has(item.object.metadata.namespace ?? "") && !going.has(describeObject(item)),
  );
  if (inside === undefined) return undefined;
  const message = `namespace ${inside.object.metadata.namespace} still holds ${describeObject(inside)}`;
  return { reason: "NamespaceInUse", message };
}

/** Deleting a Host leaves what is on it to itself. */
function doubtAboutHosts({ left }: HostsInUse): Doubt | undefined {
  if (left === undefined) return undefined;
  return { reason: "HostInUse", message: `host ${left.hostName} still has ${describeObject(left.item)}` };
}

function isNamespace({ kind }: StoredObject): boolean {
  return kind.kind === NamespaceKind.kind && kind.group === NamespaceKind.group;
}

function identityOf(item: StoredObject): string {
  return `${describeObject(item)} ${item.object.metadata.uid ?? ""}`;
}
