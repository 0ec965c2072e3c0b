import { deepEqual } from "../runtime/equal.ts";
import type { Resource } from "../schema/meta.ts";
import type { LogRecord } from "./log.ts";

/** The text of an object as the log keeps it: without resourceVersion, metadata before anything nested. */
export interface StoredText {
  readonly value: string;
  /** How much of it comes before the status, which stands last. */
  readonly headLength: number;
}

interface Source {
  readonly value: string;
  readonly revision: number;
  /** As of a StoredText; absent: not known, it was read and not written here. */
  readonly headLength?: number;
}

type WithStatus = Resource & { readonly status?: unknown };

/**
 * The objects of log records, each parsed once, and their texts, each serialised once: the log keeps objects
 * without their resourceVersion, which is not known until they are committed, and reading puts it in.
 */
export class ObjectCache {
  readonly #resources = new WeakMap<LogRecord, Resource>();
  readonly #sources = new WeakMap<Resource, Source>();

  /** The object that a record holds; the same object for the same record. */
  resource(record: LogRecord): Resource {
    const known = this.#resources.get(record);
    if (known !== undefined) return known;
    const resource = this.#parse(record);
    this.#resources.set(record, resource);
    return resource;
  }

  /** The text of what becomes of an object of this cache: of all but a new status only a copy is made. */
  textFor(after: WithStatus, before: Resource): StoredText {
    const { value, headLength } = this.#sources.get(before) ?? {};
    if (value === undefined || headLength === undefined || !isSameButStatus(after, before))
      return storedText(after);
    return withStatus(value.slice(0, headLength), after.status);
  }

  /**
   * Takes in what was just stored, and how much of its text comes before the status, so that it need not be
   * parsed, and returns the record's object.
   */
  written(record: LogRecord, stored: Resource, headLength: number): Resource {
    const known = this.#resources.get(record);
    if (known !== undefined) return known;
    const metadata = { ...stored.metadata, resourceVersion: String(record.revision) };
    const resource = { ...stored, metadata };
    const { value, revision } = record;
    this.#sources.set(resource, { value, revision, headLength });
    this.#resources.set(record, resource);
    return resource;
  }

  /** Takes in what is being stored: watchers, who hear of it before its writer, need not parse it. */
  taker(stored: Resource, headLength: number): (record: LogRecord) => void {
    return (record) => void this.written(record, stored, headLength);
  }

  /** Lets go of the object of a record that no longer stands. */
  forget(record: LogRecord): void {
    this.#resources.delete(record);
  }

  /** What was deleted at `revision`: its last state with the resourceVersion of the deletion. */
  deleted(last: LogRecord, revision: number): Resource {
    return this.#parse({ value: last.value, revision });
  }

  /** The JSON text of an object: a copy for objects handed out by this cache, else a serialisation. */
  encoded(resource: Resource): string {
    const source = this.#sources.get(resource);
    return source === undefined ? JSON.stringify(resource) : textOf(source);
  }

  #parse(source: Source): Resource {
    const resource: Resource = JSON.parse(textOf(source));
    this.#sources.set(resource, source);
    return resource;
  }
}

/** The text of an object of which nothing is known. */
export function storedText(resource: WithStatus): StoredText {
  const { apiVersion, kind, metadata: objectMeta, status, ...rest } = resource;
  const { resourceVersion, ...metadata } = objectMeta;
  const text = JSON.stringify({ apiVersion, kind, metadata, ...rest });
  return withStatus(text.slice(0, -1), status);
}

function withStatus(head: string, status: unknown): StoredText {
  const value = status === undefined ? `${head}}` : `${head},"status":${JSON.stringify(status)}}`;
  return { value, headLength: head.length };
}

/** Only a write of the status keeps the very metadata. */
function isSameButStatus(after: WithStatus, before: WithStatus): boolean {
  if (after.metadata !== before.metadata) return false;
  const { status: _after, ...next } = after;
  const { status: _before, ...old } = before;
  return deepEqual(next, old);
}

const metadataStart = '"metadata":{';

/** The first match is the right one: nothing nested comes before it, and quotes within values are escaped. */
function textOf({ value, revision }: Source): string {
  const at = value.indexOf(metadataStart) + metadataStart.length;
  return `${value.slice(0, at)}"resourceVersion":"${revision}",${value.slice(at)}`;
}
