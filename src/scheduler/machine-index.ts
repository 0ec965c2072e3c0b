import { type LabelSelector, type Labels, matchesSelector } from "../schema/label-selector.ts";
import { CountedRows } from "./counted-rows.ts";

const maxIdleSelectors = 4096;
const maxEmptyClasses = 1024;

/** Machines of some namespaces chosen by their labels, and on which hosts they are. */
export interface MachineSelector {
  readonly selector: LabelSelector;
  readonly namespaces: readonly string[];
  readonly rows: CountedRows;
  /** Who wants to be apart from these machines. */
  readonly repelling: Set<Repulsion>;
}

/** What some machines ask for: that none of `target` is in their place. */
export interface Repulsion {
  readonly key: string;
  readonly target: MachineSelector;
  readonly topologyKey: string;
  /** Where the machines are that ask for it. */
  readonly holders: CountedRows;
  /** How many they are. */
  holderCount: number;
}

/** All machines with one namespace and the same labels. */
export interface MachineClass {
  readonly key: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** The selectors that choose it. */
  readonly selectors: Set<MachineSelector>;
  /** How many are on which row. */
  readonly rows: Map<number, number>;
}

/** Which selectors choose which machines, and how many of those are on which host, always up to date. */
export class MachineIndex {
  readonly #classes = new Map<string, MachineClass>();
  readonly #classesByLabel = new Map<string, Set<MachineClass>>();
  #emptyClasses = 0;
  readonly #selectors = new Map<string, MachineSelector>();
  /** Selectors by a label that they ask for; under "" those that ask for none. */
  readonly #selectorsByLabel = new Map<string, Set<MachineSelector>>();
  readonly #repulsions = new Map<string, Repulsion>();

  /** How much is kept. */
  get size(): { readonly classes: number; readonly selectors: number } {
    return { classes: this.#classes.size, selectors: this.#selectors.size };
  }

  /** The class of machines with these labels. */
  classOf(namespace: string, labels: Labels): MachineClass {
    const key = `${namespace} ${JSON.stringify(labels)}`;
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    if (this.#emptyClasses >= maxEmptyClasses) this.#sweepClasses();
    const made: MachineClass = { key, namespace, labels, selectors: new Set(), rows: new Map() };
    this.#classes.set(key, made);
    this.#emptyClasses += 1;
    for (const label of labelsOf(labels)) addTo(this.#classesByLabel, label, made);
    for (const label of ["", ...labelsOf(labels)]) {
      for (const selector of this.#selectorsByLabel.get(label) ?? []) {
        if (chooses(selector, made)) made.selectors.add(selector);
      }
    }
    return made;
  }

  /** A selector, with all machines that it chooses. */
  selector(selector: LabelSelector, namespaces: readonly string[]): MachineSelector {
    const key = selectorKey(selector, namespaces);
    const known = this.#selectors.get(key);
    if (known !== undefined) {
      this.#selectors.delete(key);
      this.#selectors.set(key, known);
      return known;
    }
    if (this.#selectors.size >= maxIdleSelectors + this.#repulsions.size) this.#sweepSelectors();
    const made = { selector, namespaces, rows: new CountedRows(), repelling: new Set<Repulsion>() };
    this.#selectors.set(key, made);
    const [label = ""] = labelsOf(selector.matchLabels ?? {});
    addTo(this.#selectorsByLabel, label, made);
    const candidates = label === "" ? this.#classes.values() : (this.#classesByLabel.get(label) ?? []);
    for (const machineClass of candidates) {
      if (!chooses(made, machineClass)) continue;
      machineClass.selectors.add(made);
      for (const [row, count] of machineClass.rows) made.rows.add(row, count);
    }
    return made;
  }

  /** A machine of this class comes to a host (`sign` 1) or leaves it (-1). */
  move(machineClass: MachineClass, row: number, sign: 1 | -1): void {
    const { rows } = machineClass;
    if (rows.size === 0) this.#emptyClasses -= 1;
    const count = (rows.get(row) ?? 0) + sign;
    if (count === 0) rows.delete(row);
    else rows.set(row, count);
    if (rows.size === 0) this.#emptyClasses += 1;
    for (const selector of machineClass.selectors) selector.rows.add(row, sign);
  }

  /** A machine on this host begins to ask that no machine of `target` be in its place. */
  repel(target: MachineSelector, topologyKey: string, row: number): Repulsion {
    const key = `${topologyKey} ${selectorKey(target.selector, target.namespaces)}`;
    const known = this.#repulsions.get(key);
    const repulsion = known ?? { key, target, topologyKey, holders: new CountedRows(), holderCount: 0 };
    if (known === undefined) {
      this.#repulsions.set(key, repulsion);
      target.repelling.add(repulsion);
    }
    repulsion.holders.add(row, 1);
    repulsion.holderCount += 1;
    return repulsion;
  }

  /** The machine asks for it no longer. */
  unrepel(repulsion: Repulsion, row: number): void {
    repulsion.holders.add(row, -1);
    repulsion.holderCount -= 1;
    if (repulsion.holderCount > 0) return;
    this.#repulsions.delete(repulsion.key);
    repulsion.target.repelling.delete(repulsion);
  }

  #sweepClasses(): void {
    for (const [key, machineClass] of this.#classes) {
      if (machineClass.rows.size > 0) continue;
      this.#classes.delete(key);
      for (const label of labelsOf(machineClass.labels))
        removeFrom(this.#classesByLabel, label, machineClass);
    }
    this.#emptyClasses = 0;
  }

  /** Forgets the half of the selectors that was used longest ago, but for those that machines hold to. */
  #sweepSelectors(): void {
    const forgotten = new Set<MachineSelector>();
    for (const [key, selector] of this.#selectors) {
      if (forgotten.size >= maxIdleSelectors / 2) break;
      if (selector.repelling.size > 0) continue;
      forgotten.add(selector);
      this.#selectors.delete(key);
      const [label = ""] = labelsOf(selector.selector.matchLabels ?? {});
      removeFrom(this.#selectorsByLabel, label, selector);
    }
    for (const { selectors } of this.#classes.values()) {
      for (const selector of selectors) if (forgotten.has(selector)) selectors.delete(selector);
    }
  }
}

/** Whether the machines of a class are among those that a selector chooses. */
export function chooses(
  { selector, namespaces }: Pick<MachineSelector, "selector" | "namespaces">,
  { namespace, labels }: Pick<MachineClass, "namespace" | "labels">,
): boolean {
  return namespaces.includes(namespace) && matchesSelector(selector, labels);
}

function selectorKey(selector: LabelSelector, namespaces: readonly string[]): string {
  return `${namespaces.join(",")} ${JSON.stringify(selector)}`;
}

function labelsOf(labels: Labels): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function addTo<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([item]));
  else known.add(item);
}

function removeFrom<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const known = sets.get(key);
  known?.delete(item);
  if (known?.size === 0) sets.delete(key);
}
