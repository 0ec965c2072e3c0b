import type { Clock } from "../runtime/clock.ts";
import { type Journal, JournaledLog } from "./journaled-log.ts";
import type { Log, LogEvent } from "./log.ts";

/** A log that keeps nothing when the process ends. For tests and for trying things out. */
export function openMemoryLog(clock: Clock): Log {
  return new JournaledLog(new MemoryJournal(), emptyState, clock);
}

/** The state of a journal in which nothing was ever written. */
export const emptyState = { incarnation: "memory", records: [], revision: 0, compactedRevision: 0 } as const;

/** History as an array; each revision has exactly one event, so positions are revisions. */
export class MemoryJournal implements Journal {
  #events: LogEvent[] = [];
  #start = 0;

  append(events: readonly LogEvent[]): void {
    this.#events.push(...events);
  }

  async sync(): Promise<void> {}

  read(since: number, until: number, limit: number): readonly LogEvent[] {
    return this.#events.slice(since - this.#start, Math.min(since + limit, until) - this.#start);
  }

  compact(_from: number, to: number): void {
    this.#events = this.#events.slice(to - this.#start);
    this.#start = to;
  }

  close(): void {}
}
