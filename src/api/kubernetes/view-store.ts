import { formatTime } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import { defaultNamespace } from "../../schema/admission.ts";
import { CustomResourceDefinitionKind } from "../../schema/custom-resource-definition.ts";
import { groupResource, type Kind } from "../../schema/kind.ts";
import type { ObjectKey, Resource } from "../../schema/meta.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import { reviewKinds } from "../../schema/reviews.ts";
import { ServiceKind } from "../../schema/service.ts";
import { UserCertificateKind } from "../../schema/user-certificate.ts";
import type { ListOptions, ResourceList, Store, WatchEvent, WatchOptions } from "../../store/store.ts";
import { definitionsOf } from "./crd-view.ts";

/** Kinds that are served though nothing of them is stored. */
export const viewKinds: readonly Kind[] = [
  ServiceKind,
  CustomResourceDefinitionKind,
  UserCertificateKind,
  ...reviewKinds,
];

interface View {
  /** Since when it is as it is: the store's revision at the first look. */
  readonly revision: string;
  readonly definitions: readonly Resource[];
}

/**
 * What a program can tell from itself, behind the interface of a store: it never changes while the program
 * runs. Another version of the program may tell otherwise, so a watch that began before this one is
 * `Expired`. Writes are refused with `MethodNotAllowed`.
 */
export class ViewStore implements Store {
  readonly #store: Pick<Store, "get" | "list" | "watch">;
  readonly #kinds: readonly Kind[];
  readonly #now: () => number;
  #view: View | undefined;

  /** `kinds`: those that are stored. */
  constructor(store: Pick<Store, "get" | "list" | "watch">, kinds: readonly Kind[], now: () => number) {
    this.#store = store;
    this.#kinds = kinds;
    this.#now = now;
  }

  async list<T extends Resource>(kind: Kind<T>, { matches }: ListOptions = {}): Promise<ResourceList<T>> {
    const { definitions } = await this.#look();
    const objects = kind.kind === CustomResourceDefinitionKind.kind ? definitions : [];
    const items = objects.filter((item) => isOf(kind, item)).filter((item) => matches?.(item) ?? true);
    return { items, resourceVersion: await this.#revision() };
  }

  async get<T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T | undefined> {
    const { items } = await this.list(kind);
    return items.find(({ metadata }) => metadata.name === key.name);
  }

  async *watch<T extends Resource>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const { revision } = await this.#look();
    if (options.since !== undefined && BigInt(options.since) < BigInt(revision)) {
      throw new StatusError("Expired", `${groupResource(kind)} may have been others then: list them again`);
    }
    for await (const event of this.#store.watch(NamespaceKind, { ...options, namespace: undefined })) {
      if (event.type === "BOOKMARK") yield event;
    }
  }

  encoded(resource: Resource): string {
    return JSON.stringify(resource);
  }

  create<T extends Resource>(kind: Kind<T>): Promise<T> {
    return refuse(kind);
  }

  update<T extends Resource>(kind: Kind<T>): Promise<T> {
    return refuse(kind);
  }

  updateStatus<T extends Resource>(kind: Kind<T>): Promise<T> {
    return refuse(kind);
  }

  delete<T extends Resource>(kind: Kind<T>): Promise<T> {
    return refuse(kind);
  }

  async #look(): Promise<View> {
    const view = this.#view ?? (await this.#make());
    this.#view ??= view;
    return this.#view;
  }

  async #make(): Promise<View> {
    const revision = await this.#revision();
    const first = await this.#store.get(NamespaceKind, { name: defaultNamespace });
    const creationTimestamp = first?.metadata.creationTimestamp ?? formatTime(this.#now());
    return {
      revision,
      definitions: definitionsOf(this.#kinds, { creationTimestamp, resourceVersion: revision }),
    };
  }

  async #revision(): Promise<string> {
    return (await this.#store.list(NamespaceKind, { limit: 1 })).resourceVersion;
  }
}

function isOf<T extends Resource>(kind: Kind<T>, resource: Resource): resource is T {
  return resource.kind === kind.kind;
}

function refuse(kind: Pick<Kind, "group" | "plural">): Promise<never> {
  return Promise.reject(
    new StatusError(
      "MethodNotAllowed",
      `${groupResource(kind)} are told by the server and cannot be written`,
    ),
  );
}
