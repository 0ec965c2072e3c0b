import { StatusError } from "../../runtime/errors.ts";
import { groupResource, type Kind } from "../../schema/kind.ts";
import type { ObjectKey, Resource } from "../../schema/meta.ts";
import type {
  DeleteOptions,
  ListOptions,
  ResourceList,
  Store,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "../../store/store.ts";
import type { Projection } from "./projections.ts";

/**
 * A store in which some kinds are seen as others as well. What is seen is computed from what is stored,
 * object by object: lists, pages and watches have the revisions of their source, and an object that was not
 * changed is the same one each time. What cannot be written says where to write instead.
 */
export class ProjectedStore implements Store {
  readonly #store: Store;
  readonly #projections: readonly Projection[];
  readonly #projected = new WeakMap<Resource, Resource>();
  /** The JSON of what was shown, once somebody has asked for it. */
  readonly #texts = new WeakMap<Resource, { text?: string }>();

  constructor(store: Store, projections: readonly Projection[]) {
    this.#store = store;
    this.#projections = projections;
  }

  async list<T extends Resource>(kind: Kind<T>, options: ListOptions = {}): Promise<ResourceList<T>> {
    const view = this.#viewOf(kind);
    if (view === undefined) return this.#store.list(kind, options);
    const show = await this.#shower(view);
    const { matches = () => true } = options;
    const isWanted = (source: Resource): boolean => {
      const shown = show(source);
      return shown !== undefined && matches(shown);
    };
    const filter = view.measure === undefined && options.matches === undefined ? {} : { matches: isWanted };
    const list = await this.#store.list(view.source, { ...options, ...filter });
    return { ...list, items: list.items.map(show).filter((shown) => shown !== undefined) };
  }

  async get<T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
    const view = this.#viewOf(kind);
    if (view === undefined) return this.#store.get(kind, key);
    const source = await this.#store.get(view.source, key);
    return source === undefined ? undefined : (await this.#shower(view))(source);
  }

  watch<T extends Resource>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    const view = this.#viewOf(kind);
    if (view === undefined) return this.#store.watch(kind, options);
    const { project } = view;
    if (project === undefined) throw new StatusError("MethodNotAllowed", "what is measured is not watched");
    // The watch begins with the call, as the store's own does.
    return this.#showEach(view, this.#store.watch(view.source, options));
  }

  encoded(resource: Resource): string {
    const shown = this.#texts.get(resource);
    if (shown === undefined) return this.#store.encoded(resource);
    shown.text ??= JSON.stringify(resource);
    return shown.text;
  }

  create<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const view = this.#viewOf(kind);
    return view === undefined ? this.#store.create(kind, resource, options) : refuse(view);
  }

  async update<T extends Resource>(kind: Kind<T>, resource: T, options: WriteOptions = {}): Promise<T> {
    const view = this.#viewOf(kind);
    if (view === undefined) return this.#store.update(kind, resource, options);
    const { namespace, name, resourceVersion } = resource.metadata;
    const source = await this.#store.get(view.source, { namespace, name });
    if (source === undefined) throw new StatusError("NotFound", `${groupResource(kind)} "${name}" not found`);
    if (view.revert === undefined) return refuse(view);
    const { dryRun } = options;
    const { resourceVersion: current, ...metadata } = source.metadata;
    const version = resourceVersion ?? current;
    const wanted = view.revert(source, resource);
    const changed = {
      ...wanted,
      metadata: version === undefined ? metadata : { ...metadata, resourceVersion: version },
    };
    const written = await this.#store.update(view.source, changed, { dryRun });
    return (await this.#shower(view))(written) ?? refuse(view);
  }

  updateStatus<T extends Resource>(kind: Kind<T>, resource: T, options?: WriteOptions): Promise<T> {
    const view = this.#viewOf(kind);
    return view === undefined ? this.#store.updateStatus(kind, resource, options) : refuse(view);
  }

  delete<T extends Resource>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<T | undefined> {
    const view = this.#viewOf(kind);
    return view === undefined ? this.#store.delete(kind, key, options) : refuse(view);
  }

  #viewOf<T extends Resource>(kind: Kind<T>): Projection<Resource, T> | undefined {
    return this.#projections.find((known): known is Projection<Resource, T> => known.kind === kind);
  }

  /** How objects are seen now. */
  async #shower<T extends Resource>(
    view: Projection<Resource, T>,
  ): Promise<(source: Resource) => T | undefined> {
    if (view.measure === undefined) return (source) => this.#show(view, source);
    const measured = await view.measure();
    return (source) => measured.show(source);
  }

  #show<T extends Resource>(view: Projection<Resource, T>, source: Resource): T | undefined {
    const known = this.#projected.get(source);
    if (known !== undefined && isOf(view.kind, known)) return known;
    const shown = view.project?.(source);
    if (shown === undefined) return undefined;
    this.#projected.set(source, shown);
    this.#texts.set(shown, {});
    return shown;
  }

  async *#showEach<T extends Resource>(
    view: Projection<Resource, T>,
    events: AsyncIterable<WatchEvent<Resource>>,
  ): AsyncGenerator<WatchEvent<T>> {
    for await (const event of events) {
      if (event.type === "BOOKMARK") {
        yield event;
        continue;
      }
      const object = this.#show(view, event.object);
      if (object !== undefined) yield { type: event.type, object };
    }
  }
}

function isOf<T extends Resource>(kind: Kind<T>, resource: Resource): resource is T {
  return resource.kind === kind.kind;
}

function refuse({ kind, source }: Projection): Promise<never> {
  const message = `${groupResource(kind)} are shown, not kept: change ${groupResource(source)} instead`;
  return Promise.reject(new StatusError("MethodNotAllowed", message));
}
