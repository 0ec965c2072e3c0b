import { hasReason, StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import { keyOf, type ObjectKey, type Resource } from "../../schema/meta.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import type { Store } from "../../store/store.ts";
import { idOf, inOrderOfNumbering, wantedIdOf, withId } from "./id-annotation.ts";
import { Line } from "./line.ts";

/** An object with the number by which the flat API knows it. */
export interface Numbered<T> {
  readonly id: number;
  readonly object: T;
}

/** The first number of a kind, where that is not 1. */
const firstIds: ReadonlyMap<string, number> = new Map([["images", 100]]);
const attemptsMax = 20;
const waitingMax = 100_000;

/**
 * Gives objects of every origin whole numbers that are never given again. An object keeps its number in an
 * annotation; the last number of each kind stands in annotations of a namespace and is raised, by
 * compare-and-swap, before the number is written anywhere. So a crash may skip a number, and nothing brings
 * one back.
 */
export class SeedIds {
  readonly #store: Store;
  readonly #namespace: string;
  /** One change at a time: what others write shows as conflicts, which are rare then. */
  readonly #line = new Line(waitingMax);
  /** The highest number of each kind that was seen here. */
  readonly #highest = new Map<string, number>();
  /** Where an object was last seen; a guess that is checked. */
  readonly #places = new Map<string, Map<number, ObjectKey>>();

  /** The namespace is where the last numbers are kept. */
  constructor(store: Store, namespace: string) {
    this.#store = store;
    this.#namespace = namespace;
  }

  /** Every object of a kind, by number; those that have none get one. */
  async list<T extends Resource>(kind: Kind<T>): Promise<readonly Numbered<T>[]> {
    const { items } = await this.#store.list(kind);
    if (!items.some(lacksId)) return this.#numbered(kind, items);
    await this.#line.run(never, () => this.#numberAll(kind));
    return this.#numbered(kind, (await this.#store.list(kind)).items);
  }

  /** The object with this number; undefined when there is none, or none any more. */
  async find<T extends Resource>(kind: Kind<T>, id: number): Promise<Numbered<T> | undefined> {
    const place = this.#places.get(kind.plural)?.get(id);
    const object = place === undefined ? undefined : await this.#store.get(kind, place);
    if (object !== undefined && idOf(object) === id) return { id, object };
    return (await this.list(kind)).find((numbered) => numbered.id === id);
  }

  /** The number of one object; if it has none it gets one, together with other changes of annotations. */
  give<T extends Resource>(
    kind: Kind<T>,
    object: T,
    changes: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Numbered<T>> {
    return this.#line.run(never, async () => {
      let id: number | undefined;
      const written = await this.#write(kind, object, async (current) => {
        id = idOf(current) ?? id ?? (await this.#take(kind, 1));
        return withId(current, id, changes);
      });
      if (written === undefined || id === undefined) throw gone(kind, object);
      this.#remember(kind, id, written);
      return { id, object: written };
    });
  }

  async #numberAll<T extends Resource>(kind: Kind<T>): Promise<void> {
    const { items } = await this.#store.list(kind);
    const taken = new Set(items.flatMap((object) => idOf(object) ?? []));
    const lacking = inOrderOfNumbering(items.filter(lacksId));
    const wanting = lacking.filter((object) => {
      const wanted = wantedIdOf(object);
      if (wanted === undefined || taken.has(wanted)) return false;
      taken.add(wanted);
      return true;
    });
    const others = lacking.filter((object) => !wanting.includes(object));
    await this.#raise(
      kind,
      wanting.reduce((highest, object) => Math.max(highest, wantedIdOf(object) ?? 0), 0),
    );
    for (const object of wanting) await this.#number(kind, object, wantedIdOf(object) ?? 0);
    if (others.length === 0) return;
    const first = await this.#take(kind, others.length);
    for (const [index, object] of others.entries()) await this.#number(kind, object, first + index);
  }

  async #number<T extends Resource>(kind: Kind<T>, object: T, id: number): Promise<void> {
    await this.#write(kind, object, async (current) => (lacksId(current) ? withId(current, id) : current));
  }

  /** Changes an object as it is now; undefined when it is gone. */
  async #write<T extends Resource>(
    kind: Kind<T>,
    object: T,
    change: (current: T) => Promise<T>,
  ): Promise<T | undefined> {
    let current: T | undefined = object;
    for (let attempt = 1; current !== undefined; attempt += 1) {
      if (current.metadata.uid !== object.metadata.uid) return undefined;
      const next: T = await change(current);
      try {
        return next === current ? current : await this.#store.update(kind, next);
      } catch (error) {
        if (hasReason(error, "NotFound")) return undefined;
        if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
        current = await this.#store.get(kind, keyOf(object));
      }
    }
    return undefined;
  }

  /** Reserves `count` numbers and returns the first. */
  async #take(kind: Kind, count: number): Promise<number> {
    const last = await this.#advance(kind, (before) => before + count);
    return last - count + 1;
  }

  async #raise(kind: Kind, least: number): Promise<void> {
    if (least > 0) await this.#advance(kind, (before) => Math.max(before, least));
  }

  async #advance(kind: Kind, step: (before: number) => number): Promise<number> {
    const annotation = `ostler.dev/seed-last-${kind.singular}`;
    for (let attempt = 1; ; attempt += 1) {
      const namespace = await this.#store.get(NamespaceKind, { name: this.#namespace });
      if (namespace === undefined) {
        throw new StatusError("ServiceUnavailable", `there is no namespace "${this.#namespace}" to count in`);
      }
      const { metadata } = namespace;
      const written = Number(metadata.annotations?.[annotation] ?? 0) || 0;
      const before = Math.max(written, await this.#highestOf(kind), (firstIds.get(kind.plural) ?? 1) - 1);
      const last = step(before);
      if (!Number.isSafeInteger(last)) throw new StatusError("InternalError", `no number is left: ${last}`);
      const annotations = { ...metadata.annotations, [annotation]: String(last) };
      try {
        await this.#store.update(NamespaceKind, { ...namespace, metadata: { ...metadata, annotations } });
        this.#highest.set(kind.plural, last);
        return last;
      } catch (error) {
        if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
      }
    }
  }

  /** What is in use counts, even if the note of the last number was lost. */
  async #highestOf(kind: Kind): Promise<number> {
    const known = this.#highest.get(kind.plural);
    if (known !== undefined) return known;
    const { items } = await this.#store.list(kind);
    return items.reduce((highest, object) => Math.max(highest, idOf(object) ?? 0), 0);
  }

  #numbered<T extends Resource>(kind: Kind<T>, items: readonly T[]): readonly Numbered<T>[] {
    const numbered = items.flatMap((object) => {
      const id = idOf(object);
      return id === undefined ? [] : [{ id, object }];
    });
    this.#places.set(kind.plural, new Map(numbered.map(({ id, object }) => [id, keyOf(object)])));
    return numbered.toSorted((a, b) => a.id - b.id);
  }

  #remember(kind: Kind, id: number, object: Resource): void {
    this.#places.get(kind.plural)?.set(id, keyOf(object));
  }
}

const never = new AbortController().signal;

/** What is about to go gets no number any more. */
function lacksId(object: Resource): boolean {
  return idOf(object) === undefined && object.metadata.deletionTimestamp === undefined;
}

function gone(kind: Kind, { metadata }: Resource): StatusError {
  return new StatusError("NotFound", `${kind.singular} "${metadata.name}" is gone`);
}
