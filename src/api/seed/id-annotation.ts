import type { Resource } from "../../schema/meta.ts";
import { seedAnnotations } from "../../schema/seed.ts";

/** The number that an object carries. One that was copied from another object does not count. */
export function idOf({ metadata }: Resource): number | undefined {
  const text = metadata.annotations?.[seedAnnotations.id] ?? "";
  const [, digits, owner] = /^([1-9][0-9]{0,15})-([0-9a-f]{8})$/.exec(text) ?? [];
  if (digits === undefined || owner !== ownerOf(metadata.uid)) return undefined;
  const id = Number(digits);
  return Number.isSafeInteger(id) ? id : undefined;
}

/** The object with a number, and with further annotations; undefined removes one. */
export function withId<T extends Resource>(
  object: T,
  id: number,
  changes: Readonly<Record<string, string | undefined>> = {},
): T {
  const { metadata } = object;
  const all = { ...metadata.annotations, [seedAnnotations.id]: `${id}-${ownerOf(metadata.uid)}`, ...changes };
  const kept = Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(kept) } };
}

/** The number that the object's file asks for. */
export function wantedIdOf({ metadata }: Resource): number | undefined {
  const id = Number(metadata.annotations?.[seedAnnotations.wantedId] ?? "");
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/**
 * In which order objects get their numbers: first those from files, as they stand there, then by age. What
 * was made in one second goes by name.
 */
export function inOrderOfNumbering<T extends Resource>(objects: readonly T[]): readonly T[] {
  return objects.toSorted(
    (a, b) =>
      Number(isFromFile(b)) - Number(isFromFile(a)) ||
      compare(a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? "") ||
      lineOf(a) - lineOf(b) ||
      compare(a.metadata.namespace ?? "", b.metadata.namespace ?? "") ||
      compare(a.metadata.name, b.metadata.name),
  );
}

function ownerOf(uid: string | undefined): string {
  return (uid ?? "").slice(0, 8);
}

function isFromFile({ metadata }: Resource): boolean {
  return metadata.annotations?.[seedAnnotations.line] !== undefined;
}

function lineOf({ metadata }: Resource): number {
  return Number(metadata.annotations?.[seedAnnotations.line] ?? 0) || 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
