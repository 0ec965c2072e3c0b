import type { Resource } from "../schema/meta.ts";
import type { LogRecord } from "./log.ts";

interface Source {
  readonly value: string;
  readonly revision: number;
}

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

  /** Takes in what was just stored, so that it need not be parsed, and returns the record's object. */
  written(record: LogRecord, stored: Resource): Resource {
    const known = this.#resources.get(record);
    if (known !== undefined) return known;
    const metadata = { ...stored.metadata, resourceVersion: String(record.revision) };
    const resource = { ...stored, metadata };
    this.#sources.set(resource, record);
    this.#resources.set(record, resource);
    return resource;
  }

  /** Takes in what is being stored: watchers, who hear of it before its writer, need not parse it. */
  taker(stored: Resource): (record: LogRecord) => void {
    return (record) => void this.written(record, stored);
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

/** The text of an object as the log keeps it: without resourceVersion, metadata before anything nested. */
export function storedText(resource: Resource): string {
  const { apiVersion, kind, metadata: objectMeta, ...rest } = resource;
  const { resourceVersion, ...metadata } = objectMeta;
  return JSON.stringify({ apiVersion, kind, metadata, ...rest });
}

const metadataStart = '"metadata":{';

/** The first match is the right one: nothing nested comes before it, and quotes within values are escaped. */
function textOf({ value, revision }: Source): string {
  const at = value.indexOf(metadataStart) + metadataStart.length;
  return `${value.slice(0, at)}"resourceVersion":"${revision}",${value.slice(at)}`;
}
