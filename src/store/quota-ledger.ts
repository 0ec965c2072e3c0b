import { StatusError } from "../runtime/errors.ts";
import { groupResource, type Kind } from "../schema/kind.ts";
import { formatKey, keyOf, type Resource } from "../schema/meta.ts";
import type { Limit } from "../schema/quota-usage.ts";
import type { Ledger, LedgerEntry, Reservation } from "./ledger.ts";
import type { Store } from "./store.ts";

/** Amounts by the name under which they are kept. */
export type Amounts = ReadonlyMap<string, number>;

/** What kinds mean to the ledger, which knows none by name. */
export interface QuotaRules {
  /** The kinds whose objects are accounted for, or say how. */
  readonly kinds: readonly Kind[];
  countNameOf(kind: Kind): string;
  /** Whether objects of the kind take more than their own count: they are kept, and measured again. */
  isMeasured(kind: Kind): boolean;
  /** Whether objects of the kind say how large others are. */
  isSizing(kind: Kind): boolean;
  sizingFacts(resource: Resource): string;
  measure(resource: Resource, lookup: (kind: Kind, name: string) => Resource | undefined): Measured;
  isQuota(kind: Kind): boolean;
  /** What a quota allows its namespace. */
  limitsOf(resource: Resource): readonly Limit[];
  format(name: string, amount: number): string;
}

/** What one object takes. `unknown` says why that cannot be told in full. */
export interface Measured {
  readonly amounts: Amounts;
  readonly unknown?: string | undefined;
}

interface Kept {
  readonly kind: Kind;
  readonly resource: Resource;
  readonly namespace: string;
  amounts: Amounts;
}

const none: Amounts = new Map();

/**
 * What each namespace holds, and how much it may. A write is counted from when it is decided, so that no two
 * together exceed what each alone does not; what becomes free is counted once it is. A write that takes no
 * more than before is never refused.
 */
export class QuotaLedger implements Ledger {
  readonly #rules: QuotaRules;
  readonly #used = new Map<string, Map<string, number>>();
  readonly #quotas = new Map<string, Map<string, readonly Limit[]>>();
  readonly #kept = new Map<string, Kept>();
  readonly #sizing = new Map<string, Resource>();
  /** Counts the changes of what says how large others are. */
  #sizings = 0;

  constructor(rules: QuotaRules) {
    this.#rules = rules;
  }

  /** Takes in what a store holds. Nothing may be written meanwhile. */
  async fill(store: Pick<Store, "list">): Promise<void> {
    const sizingFirst = this.#rules.kinds.toSorted(
      (left, right) => Number(this.#rules.isSizing(right)) - Number(this.#rules.isSizing(left)),
    );
    for (const kind of sizingFirst) {
      const { items } = await store.list(kind);
      for (const after of items) this.#enter({ kind, before: undefined, after }, this.#measure(kind, after));
    }
  }

  reserve(entry: LedgerEntry): Reservation | undefined {
    const { kind, before, after } = entry;
    if (this.#rules.isSizing(kind)) return { settle: () => this.#learnSizing(entry), cancel() {} };
    const namespace = (after ?? before)?.metadata.namespace;
    if (namespace === undefined || this.#changesNothing(entry)) return undefined;
    const measured = this.#measure(kind, after);
    const change = this.#changeOf(entry, measured.amounts);
    const growth = new Map([...change].filter(([, amount]) => amount > 0));
    if (after !== undefined) this.#check({ kind, after, namespace, growth, unknown: measured.unknown });
    this.#add(namespace, growth);
    const sizings = this.#sizings;
    return {
      settle: () => {
        this.#add(namespace, negated(growth));
        this.#enter(entry, sizings === this.#sizings ? measured : this.#measure(kind, after));
      },
      cancel: () => this.#add(namespace, negated(growth)),
    };
  }

  /** What a namespace holds, writes under way included. */
  used(namespace: string): Amounts {
    return this.#used.get(namespace) ?? none;
  }

  /** Takes in a write that was done. */
  #enter(entry: LedgerEntry, { amounts }: Measured): void {
    const { kind, before, after } = entry;
    if (this.#rules.isSizing(kind)) {
      this.#learnSizing(entry);
      return;
    }
    const resource = after ?? before;
    const namespace = resource?.metadata.namespace;
    if (resource === undefined || namespace === undefined) return;
    this.#add(namespace, this.#changeOf(entry, amounts));
    const key = keptKeyOf(kind, resource);
    if (after === undefined) this.#kept.delete(key);
    else if (this.#rules.isMeasured(kind)) this.#kept.set(key, { kind, resource: after, namespace, amounts });
    if (this.#rules.isQuota(kind)) this.#learnLimits(namespace, resource.metadata.name, after);
  }

  /** An update that leaves the spec as it is, such as one of the status: most writes are. */
  #changesNothing({ kind, before, after }: LedgerEntry): boolean {
    if (before === undefined || after === undefined || this.#rules.isQuota(kind)) return false;
    return !this.#rules.isMeasured(kind) || specOf(before) === specOf(after);
  }

  #changeOf({ kind, before, after }: LedgerEntry, amounts: Amounts): Amounts {
    const change = new Map(amounts);
    const held = before && this.#kept.get(keptKeyOf(kind, before))?.amounts;
    for (const [name, amount] of held ?? none) change.set(name, (change.get(name) ?? 0) - amount);
    const count = Number(after !== undefined) - Number(before !== undefined);
    if (count !== 0) change.set(this.#rules.countNameOf(kind), count);
    return change;
  }

  #measure(kind: Kind, resource: Resource | undefined): Measured {
    if (resource === undefined || !this.#rules.isMeasured(kind)) return { amounts: none };
    return this.#rules.measure(resource, (other, name) => this.#sizing.get(keptKeyOf(other, { name })));
  }

  #check({ kind, after, namespace, growth, unknown }: Asked): void {
    const used = this.used(namespace);
    for (const [quota, limits] of this.#quotas.get(namespace) ?? []) {
      if (unknown !== undefined && limits.some(({ kept }) => !kept.startsWith("count/"))) {
        throw refusal(kind, after, `failed quota: ${quota}: ${unknown}`);
      }
      const over = limits.filter(({ kept, hard }) => {
        const more = growth.get(kept);
        return more !== undefined && (used.get(kept) ?? 0) + more > hard;
      });
      if (over.length > 0) throw refusal(kind, after, this.#describe(quota, over, growth, used));
    }
  }

  #describe(quota: string, over: readonly Limit[], growth: Amounts, used: Amounts): string {
    const sorted = over.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    const list = (amountOf: (limit: Limit) => number): string =>
      sorted.map((limit) => `${limit.name}=${this.#rules.format(limit.name, amountOf(limit))}`).join(",");
    const requested = list(({ kept }) => growth.get(kept) ?? 0);
    const taken = list(({ kept }) => used.get(kept) ?? 0);
    const limited = list(({ hard }) => hard);
    return `exceeded quota: ${quota}, requested: ${requested}, used: ${taken}, limited: ${limited}`;
  }

  #add(namespace: string, change: Amounts): void {
    const used = this.#used.get(namespace) ?? new Map<string, number>();
    this.#used.set(namespace, used);
    for (const [name, amount] of change) {
      const sum = (used.get(name) ?? 0) + amount;
      if (sum === 0) used.delete(name);
      else used.set(name, sum);
    }
    if (used.size === 0) this.#used.delete(namespace);
  }

  #learnLimits(namespace: string, name: string, quota: Resource | undefined): void {
    const quotas = this.#quotas.get(namespace) ?? new Map<string, readonly Limit[]>();
    this.#quotas.set(namespace, quotas);
    if (quota === undefined) quotas.delete(name);
    else quotas.set(name, this.#rules.limitsOf(quota));
    if (quotas.size === 0) this.#quotas.delete(namespace);
  }

  /** What says how large others are has changed: all of them are measured again. */
  #learnSizing({ kind, before, after }: LedgerEntry): void {
    const resource = after ?? before;
    if (resource === undefined) return;
    const key = keptKeyOf(kind, resource.metadata);
    const known = this.#sizing.get(key);
    if (after === undefined) this.#sizing.delete(key);
    else this.#sizing.set(key, after);
    const factsOf = (object: Resource | undefined) => object && this.#rules.sizingFacts(object);
    if (factsOf(known) === factsOf(after)) return;
    this.#sizings += 1;
    for (const kept of this.#kept.values()) this.#measureAgain(kept);
  }

  #measureAgain(kept: Kept): void {
    const { amounts } = this.#measure(kept.kind, kept.resource);
    this.#add(kept.namespace, negated(kept.amounts));
    this.#add(kept.namespace, amounts);
    kept.amounts = amounts;
  }
}

interface Asked {
  readonly kind: Kind;
  readonly after: Resource;
  readonly namespace: string;
  /** What would be held more than before. */
  readonly growth: Amounts;
  readonly unknown: string | undefined;
}

function negated(amounts: Amounts): Amounts {
  return new Map([...amounts].map(([name, amount]) => [name, -amount]));
}

function specOf(resource: Resource): unknown {
  return "spec" in resource ? resource.spec : undefined;
}

function keptKeyOf(kind: Kind, resource: Resource | { readonly name: string }): string {
  const key = "metadata" in resource ? keyOf(resource) : resource;
  return `${groupResource(kind)}/${formatKey(key)}`;
}

function refusal(kind: Kind, { metadata }: Resource, why: string): StatusError {
  return new StatusError("Forbidden", `${groupResource(kind)} "${metadata.name}" is forbidden: ${why}`);
}
