import type { ObjectMeta, Resource } from "../schema/meta.ts";
import { objectNameFor } from "../schema/object-name.ts";
import { seedAnnotations } from "../schema/seed.ts";
import type { LineNote } from "./problem.ts";

/** The object that an entry asks for, or why it cannot be had. */
export type Wanted<T> =
  | {
      readonly line: number;
      /** Absent: there is none yet. */
      readonly before: T | undefined;
      /** The same as before when nothing is to change. */
      readonly after: T;
    }
  | LineNote;

/** Whether an object was made from such a file. */
export function isFromFile(object: Resource): boolean {
  return object.metadata.annotations?.[seedAnnotations.line] !== undefined;
}

/** The metadata of a new object from this line. */
export function newMetadata(
  name: string,
  line: number,
  annotations: Readonly<Record<string, string | undefined>> = {},
): ObjectMeta {
  const given = Object.entries(annotations).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  );
  return { name, annotations: { [seedAnnotations.line]: String(line), ...Object.fromEntries(given) } };
}

/** Hands out object names that no other object has. */
export class FreeNames {
  readonly #taken: Set<string>;

  constructor(existing: readonly Resource[]) {
    this.#taken = new Set(existing.map(({ metadata }) => metadata.name));
  }

  /** `name`, or the first of NAME-2, NAME-3, ... that is free. */
  take(name: string): string {
    let free = name;
    for (let number = 2; this.#taken.has(free); number += 1) free = objectNameFor(`${name}-${number}`);
    this.#taken.add(free);
    return free;
  }
}
