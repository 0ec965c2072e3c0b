import type { VirtualMachine } from "../schema/virtual-machine.ts";

/** What one machine was acknowledged to be. */
interface Entry {
  /** The newest value that was acknowledged; undefined: its creation was not. */
  acknowledged: number | undefined;
  /** Values that were asked for and not acknowledged since. */
  doubtful: Set<number>;
  removal: "none" | "asked" | "acknowledged";
  /** Somebody is writing it: of two writes at once it is not known which came last. */
  isBusy: boolean;
}

/** The label in which a machine carries the number of the newest write. */
export const valueLabel = "kill-loop/value";

/** What a server was asked for and has acknowledged, to be compared with what is there after its death. */
export class KillLedger {
  readonly #entries = new Map<string, Entry>();
  #writes = 0;
  #next = 0;

  /** Writes that were acknowledged so far. */
  get acknowledged(): number {
    return this.#writes;
  }

  /** Machines that are wanted for all that is known, and that nobody is writing. */
  get wanted(): readonly string[] {
    const free = [...this.#entries].filter(([, { removal, isBusy }]) => removal === "none" && !isBusy);
    return free.map(([name]) => name);
  }

  /** Makes or changes a machine; `write` resolves when that is acknowledged. */
  async write(name: string, write: (value: number) => Promise<unknown>): Promise<void> {
    this.#next += 1;
    const value = this.#next;
    const entry = this.#entries.get(name) ?? newEntry();
    this.#entries.set(name, entry);
    entry.doubtful.add(value);
    await occupied(entry, () => write(value));
    entry.doubtful = new Set([...entry.doubtful].filter((other) => other > value));
    entry.acknowledged = value;
    this.#writes += 1;
  }

  async remove(name: string, remove: () => Promise<unknown>): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    entry.removal = "asked";
    await occupied(entry, remove);
    entry.removal = "acknowledged";
    this.#writes += 1;
  }

  /** What is not as it was acknowledged. What was in doubt is from now on as it was found. */
  compare(found: readonly VirtualMachine[]): readonly string[] {
    const byName = new Map(found.map((vm) => [vm.metadata.name, vm]));
    const strangers = [...byName.keys()].filter((name) => !this.#entries.has(name));
    const problems = strangers.map((name) => `${name} is there and was never asked for`);
    for (const [name, entry] of this.#entries) {
      const problem = faultOf(entry, byName.get(name));
      if (problem !== undefined) problems.push(`${name} ${problem}`);
      this.#settle(name, entry, byName.get(name));
    }
    return problems;
  }

  #settle(name: string, entry: Entry, vm: VirtualMachine | undefined): void {
    if (vm === undefined) {
      this.#entries.delete(name);
      return;
    }
    entry.acknowledged = writtenValue(vm);
    entry.doubtful.clear();
    entry.removal = vm.metadata.deletionTimestamp === undefined ? "none" : "acknowledged";
  }
}

function newEntry(): Entry {
  return { acknowledged: undefined, doubtful: new Set(), removal: "none", isBusy: false };
}

async function occupied(entry: Entry, write: () => Promise<unknown>): Promise<void> {
  entry.isBusy = true;
  try {
    await write();
  } finally {
    entry.isBusy = false;
  }
}

function faultOf(
  { acknowledged, doubtful, removal }: Entry,
  vm: VirtualMachine | undefined,
): string | undefined {
  if (vm === undefined) {
    const isLost = acknowledged !== undefined && removal === "none";
    return isLost ? `is gone; ${acknowledged} was acknowledged` : undefined;
  }
  if (removal === "acknowledged" && vm.metadata.deletionTimestamp === undefined)
    return "is there; its removal was acknowledged";
  const value = writtenValue(vm);
  if (value === acknowledged || doubtful.has(value)) return undefined;
  return `is at ${value}; ${acknowledged} was acknowledged`;
}

function writtenValue({ metadata }: VirtualMachine): number {
  return Number(metadata.labels?.[valueLabel]);
}
