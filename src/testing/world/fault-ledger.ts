import type { Stream } from "./stream.ts";

/** The faults of the catalogue in docs/reference/simulation.md that the simulator knows. */
export const faultIds = [
  "F1",
  "F2",
  "F3",
  "F4",
  "F5",
  "F6",
  "F7",
  "F8",
  "F9",
  "F11",
  "F12",
  "F13",
  "F14",
  "F15",
  "F16",
  "F17",
  "F19",
] as const;

export type FaultId = (typeof faultIds)[number];

/** Which faults a play has, how often they happen, and how often they did. */
export class FaultLedger {
  readonly #rates: ReadonlyMap<FaultId, number>;
  readonly #counts = new Map<FaultId, number>();
  readonly #tell: (what: string) => void;
  /** False before the trouble begins and during the calm at the end: nothing goes wrong. */
  isActive = false;

  /** `rates`: the faults that are enabled, each with how often it happens: 1 is usual. */
  constructor(rates: ReadonlyMap<FaultId, number>, tell: (what: string) => void) {
    this.#rates = rates;
    this.#tell = tell;
  }

  get counts(): ReadonlyMap<FaultId, number> {
    return this.#counts;
  }

  /** Enabled faults that never happened: a play is void for them. */
  get unfired(): readonly FaultId[] {
    return [...this.#rates.keys()].filter((id) => !this.#counts.has(id));
  }

  isEnabled(id: FaultId): boolean {
    return this.#rates.has(id);
  }

  /** Whether the fault strikes now, which is then counted and told. */
  strikes(id: FaultId, stream: Stream, probability: number, what: string): boolean {
    const rate = this.#rates.get(id);
    if (rate === undefined || !this.isActive || !stream.chance(probability * rate)) return false;
    this.fired(id, what);
    return true;
  }

  fired(id: FaultId, what: string): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
    this.#tell(`${id} ${what}`);
  }
}
