import type { Resources } from "../schema/host.ts";
import type { HostState } from "./host-state.ts";
import { HostTable } from "./host-table.ts";
import { Latest } from "./latest.ts";
import { type MachineClass, MachineIndex, type Repulsion } from "./machine-index.ts";
import type { PlacementRequest } from "./request.ts";
import { RowColumns } from "./row-columns.ts";
import { Scratch } from "./scratch.ts";
import type { Sieved } from "./sift.ts";
import { Topologies } from "./topologies.ts";

/** A machine on its host. */
export interface PlacedMachine {
  readonly request: PlacementRequest;
  readonly hostName: string;
}

interface Entry extends PlacedMachine {
  readonly row: number;
  readonly machineClass: MachineClass;
  readonly repulsions: readonly Repulsion[];
}

interface Held {
  readonly row: number;
  readonly resources: Resources;
}

/**
 * All hosts and what has been promised on them, kept up to date by its one owner and ready to be asked at any
 * moment. A machine counts from `assume` to `forget`, whether or not its host is known yet or has gone.
 */
export class Snapshot {
  readonly hosts = new HostTable((row) => this.amounts.changed(row));
  /** What follows from the amounts that hosts have and have promised. */
  readonly amounts = new RowColumns(this.hosts, 128);
  /** What filters of hosts have left, by `hosts.version`. */
  readonly sieved = new Latest<Sieved>(128);
  /** Lists of domains that were found for some reason, by the `version` of their topology. */
  readonly domainLists = new Latest<Int32Array>(512);
  readonly topologies = new Topologies(this.hosts);
  readonly machines = new MachineIndex();
  readonly scratch = new Scratch();
  readonly #entries = new Map<string, Entry>();
  readonly #byRow = new Map<number, Set<Entry>>();
  readonly #held = new Map<string, Held>();
  readonly #traits = new RowColumns(this.hosts, 512);
  /** What `traitColumn` shows of each host, as a text. */
  readonly #shown: string[] = [];
  #lastUsed: Pick<HostState, "createdAt" | "name"> | undefined;

  /** Another one that says the same, to try things out on. */
  copy(): Snapshot {
    const copy = new Snapshot();
    for (const row of this.hosts.order()) {
      const host = this.hosts.stateOf(row);
      if (host !== undefined) copy.setHost(host);
    }
    for (const { request, hostName } of this.#entries.values()) copy.assume(request, hostName);
    for (const [key, { row, resources }] of this.#held) copy.hold(key, this.hosts.nameOf(row), resources);
    copy.#lastUsed = this.#lastUsed;
    return copy;
  }

  /** The machines that have a host, in the order in which they got it. */
  get placements(): Iterable<PlacedMachine> {
    return this.#entries.values();
  }

  /** Adds a host, or replaces what is known of it. */
  setHost(host: HostState): void {
    const row = this.hosts.ensure(host.name);
    const before = this.hosts.stateOf(row);
    this.hosts.set(row, host);
    const shown = JSON.stringify([host.labels, host.taints, host.architecture, [...host.contents]]);
    if (before !== undefined && this.#shown[row] === shown) return;
    this.#shown[row] = shown;
    this.#showsOthers(row);
  }

  removeHost(name: string): void {
    const row = this.hosts.rowOf(name);
    if (row === undefined || this.hosts.stateOf(row) === undefined) return;
    this.hosts.clear(row);
    this.#showsOthers(row);
  }

  /**
   * What a rule says of every host as a number, by row; 0 where there is none. The rule may look at nothing
   * but labels, taints, architecture and contents. One `key` always means one rule.
   */
  traitColumn(key: string, verdict: (host: HostState) => number): Float64Array {
    return this.#traits.column(key, (rows, count, values) => {
      for (let index = 0; index < count; index += 1) {
        const row = rows[index] ?? 0;
        const host = this.hosts.stateOf(row);
        values[row] = host === undefined ? 0 : verdict(host);
      }
    });
  }

  host(name: string): HostState | undefined {
    const row = this.hosts.rowOf(name);
    return row === undefined ? undefined : this.hosts.stateOf(row);
  }

  /**
   * The machine is on this host, or is to be: what it asks for is promised. One that was elsewhere has
   * moved.
   */
  assume(request: PlacementRequest, hostName: string): void {
    this.forget(request.uid);
    const row = this.hosts.ensure(hostName);
    const machineClass = this.machines.classOf(request.namespace, request.labels);
    this.hosts.occupy(row, request.resources, 1);
    this.machines.move(machineClass, row, 1);
    const terms =
      request.rules.affinity?.machineAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const repulsions = terms.map(({ labelSelector, namespaces = [request.namespace], topologyKey }) =>
      this.machines.repel(this.machines.selector(labelSelector, namespaces), topologyKey, row),
    );
    const entry = { request, hostName, row, machineClass, repulsions };
    this.#entries.set(request.uid, entry);
    const beside = this.#byRow.get(row);
    if (beside === undefined) this.#byRow.set(row, new Set([entry]));
    else beside.add(entry);
  }

  /** The machine is nowhere any more. */
  forget(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry === undefined) return;
    const { request, row, machineClass, repulsions } = entry;
    this.#entries.delete(uid);
    const beside = this.#byRow.get(row);
    beside?.delete(entry);
    if (beside?.size === 0) this.#byRow.delete(row);
    for (const repulsion of repulsions) this.machines.unrepel(repulsion, row);
    this.machines.move(machineClass, row, -1);
    this.hosts.occupy(row, request.resources, -1);
  }

  /** What `ask` finds when the machine is taken to have no host. It must change nothing and not wait. */
  without<T>(uid: string, ask: (snapshot: Snapshot) => T): T {
    const placed = this.#entries.get(uid);
    if (placed === undefined) return ask(this);
    this.forget(uid);
    try {
      return ask(this);
    } finally {
      this.assume(placed.request, placed.hostName);
    }
  }

  /** Something that is no machine takes this much of a host, or nothing any more; `key` says what it is. */
  hold(key: string, hostName: string | undefined, resources: Resources): void {
    const before = this.#held.get(key);
    this.#held.delete(key);
    if (hostName !== undefined) {
      const row = this.hosts.ensure(hostName);
      this.#held.set(key, { row, resources });
      this.hosts.promise(row, resources, 1);
    }
    if (before !== undefined) this.hosts.promise(before.row, before.resources, -1);
  }

  #showsOthers(row: number): void {
    this.hosts.version += 1;
    this.#traits.changed(row);
    this.topologies.changed(row);
  }

  /** Where the machine is, and what it has been promised. */
  placed(uid: string): PlacedMachine | undefined {
    return this.#entries.get(uid);
  }

  /** The machines on a host, in the order in which they came. */
  machinesOn(row: number): Iterable<PlacedMachine> {
    return this.#byRow.get(row) ?? [];
  }

  /**
   * The host that a machine was placed on last: where a rotation goes on from, even when the host is gone.
   */
  get lastUsed(): Pick<HostState, "createdAt" | "name"> | undefined {
    return this.#lastUsed;
  }

  /** Remembers the host that was used last, by its name. */
  noteUsed(hostName: string): void {
    this.#lastUsed = { createdAt: this.host(hostName)?.createdAt ?? "", name: hostName };
  }
}
