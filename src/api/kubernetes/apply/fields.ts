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

/** What is in one of them: the very same tree where the other one adds nothing. */
export function union(a: Fields | undefined, b: Fields | undefined): Fields | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const added: [string, Fields][] = [];
  for (const element in b) {
    const theirs = below(b, element);
    if (element === self || theirs === undefined) continue;
    const ours = below(a, element);
    const both = union(ours, theirs) ?? theirs;
    if (both !== ours) added.push([element, both]);
  }
  const member = isMember(a) || isMember(b);
  if (added.length === 0 && member === isMember(a)) return a;
  return compose(member, Object.fromEntries([...children(a), ...added]));
}

/** What is in the first and not in the second: the very same tree where that takes nothing away. */
export function difference(a: Fields | undefined, b: Fields | undefined): Fields | undefined {
  if (a === b) return undefined;
  if (a === undefined || b === undefined) return a;
  const member = isMember(a) && !isMember(b);
  if (member === isMember(a) && !shrinks(a, b)) return a;
  return compose(
    member,
    partsOf(a, (element, ours) => difference(ours, below(b, element))),
  );
}

/** Whether any of the parts of a set loses something to another. */
function shrinks(a: Fields, b: Fields): boolean {
  for (const element in b) {
    const ours = element === self ? undefined : below(a, element);
    if (ours !== undefined && difference(ours, below(b, element)) !== ours) return true;
  }
  return false;
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
