/**
 * A set of fields in Kubernetes' format FieldsV1: a tree whose keys are steps (see element.ts). A node
 * without keys is in the set; a node with keys is in it if one of them is `.`. The empty set has no tree: it
 * is undefined. Trees are never changed once made.
 */
export interface Fields {
  readonly [element: string]: Fields;
}

/** A field that is in the set and has nothing below. */
export const leaf: Fields = Object.freeze({});

const self = ".";

/** Whether the field at the root of this tree is itself in the set. */
export function isMember(fields: Fields): boolean {
  return Object.hasOwn(fields, self) || !hasChildren(fields);
}

/** What a set has below one step. */
export function below(fields: Fields | undefined, element: string): Fields | undefined {
  return fields !== undefined && Object.hasOwn(fields, element) ? fields[element] : undefined;
}

/** The steps from the root of a tree, and what is below each. */
export function children(fields: Fields): readonly (readonly [string, Fields])[] {
  return Object.entries(fields).filter(([element]) => element !== self);
}

/** The set of `children` and, if `member`, their parent. */
export function compose(member: boolean, parts: Readonly<Record<string, Fields>>): Fields | undefined {
  if (!hasChildren(parts)) return member ? leaf : undefined;
  return member ? { [self]: leaf, ...parts } : parts;
}

/** What is in one of them. */
export function union(a: Fields | undefined, b: Fields | undefined): Fields | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const parts: Record<string, Fields> = Object.fromEntries(children(a));
  for (const [element, theirs] of children(b)) parts[element] = union(below(a, element), theirs) ?? theirs;
  return compose(isMember(a) || isMember(b), parts);
}

/** What is in the first and not in the second. */
export function difference(a: Fields | undefined, b: Fields | undefined): Fields | undefined {
  if (a === b) return undefined;
  if (a === undefined || b === undefined) return a;
  return compose(
    isMember(a) && !isMember(b),
    partsOf(a, (element, ours) => difference(ours, below(b, element))),
  );
}

/** What is in both. */
export function intersection(a: Fields | undefined, b: Fields | undefined): Fields | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return a;
  return compose(
    isMember(a) && isMember(b),
    partsOf(a, (element, ours) => intersection(ours, below(b, element))),
  );
}

/** The paths of all fields in a set, in order: a field before what is below it. */
export function pathsOf(fields: Fields | undefined): readonly (readonly string[])[] {
  if (fields === undefined) return [];
  const sorted = children(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...(isMember(fields) ? [[]] : []),
    ...sorted.flatMap(([element, part]) => pathsOf(part).map((path) => [element, ...path])),
  ];
}

function partsOf(
  fields: Fields,
  part: (element: string, fields: Fields) => Fields | undefined,
): Record<string, Fields> {
  const parts: Record<string, Fields> = {};
  for (const [element, ours] of children(fields)) {
    const kept = part(element, ours);
    if (kept !== undefined) parts[element] = kept;
  }
  return parts;
}

function hasChildren(fields: Fields): boolean {
  for (const element in fields) {
    if (element !== self) return true;
  }
  return false;
}
