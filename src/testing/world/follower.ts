import { hasReason } from "../../runtime/errors.ts";
import { formatKey, keyOf } from "../../schema/meta.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import type { Audit } from "./audit.ts";

const kind = "/ostler.dev/virtualmachines/";

/**
 * A client that keeps a copy of all machines by listing once and watching on, whatever becomes of the store:
 * after a crash it goes on in the next one from where it was, and lists again only when it is told to. D3:
 * its copy is what the store holds.
 */
export class Follower {
  readonly #audit: Audit;
  readonly #copy = new Map<string, string>();
  #revision: string | undefined;
  #store: Store | undefined;
  #ended = new AbortController();

  constructor(audit: Audit) {
    this.#audit = audit;
  }

  /** A store has been opened; of the one before nothing more is heard. */
  follow(store: Store): void {
    this.stop();
    this.#store = store;
    this.#ended = new AbortController();
    void this.#run(store);
  }

  /** It looks no more. */
  stop(): void {
    this.#store = undefined;
    this.#ended.abort();
  }

  /** What its copy has too much or too little when everything has been told. */
  faults(): readonly string[] {
    const truth = new Map(
      [...this.#audit.machines.values()].map((vm) => [formatKey(keyOf(vm)), vm.metadata.uid]),
    );
    const missing = [...truth.keys()].filter((key) => !this.#copy.has(key)).map((key) => `${key} is missing`);
    const stale = [...this.#copy]
      .filter(([key, uid]) => truth.get(key) !== uid)
      .map(([key]) => `${key} is stale`);
    const newest = this.#audit.history.newest(kind);
    const isBehind = Number(this.#revision ?? 0) < newest;
    return [
      ...missing,
      ...stale,
      ...(isBehind ? [`it is at ${this.#revision}, the store at ${newest}`] : []),
    ];
  }

  async #run(store: Store): Promise<void> {
    while (this.#store === store) {
      try {
        this.#revision ??= await this.#list(store);
        await this.#watch(store);
      } catch (error) {
        if (this.#store !== store) return;
        if (!hasReason(error, "Expired")) return;
        this.#revision = undefined;
      }
    }
  }

  async #list(store: Store): Promise<string> {
    const { items, resourceVersion } = await store.list(VirtualMachineKind);
    if (this.#store !== store) return resourceVersion;
    this.#copy.clear();
    for (const vm of items) this.#copy.set(formatKey(keyOf(vm)), vm.metadata.uid ?? "");
    return resourceVersion;
  }

  async #watch(store: Store): Promise<void> {
    const since = this.#revision;
    const check = this.#audit.history.watch(kind, Number(since));
    const { signal } = this.#ended;
    for await (const event of store.watch(VirtualMachineKind, { since, signal, bookmarks: true })) {
      if (this.#store !== store) return;
      if (event.type === "BOOKMARK") {
        check.bookmark(Number(event.resourceVersion));
        this.#revision = event.resourceVersion;
        continue;
      }
      const { metadata } = event.object;
      check.event(Number(metadata.resourceVersion));
      this.#revision = metadata.resourceVersion;
      if (event.type === "DELETED") this.#copy.delete(formatKey(keyOf(event.object)));
      else this.#copy.set(formatKey(keyOf(event.object)), metadata.uid ?? "");
    }
  }
}
