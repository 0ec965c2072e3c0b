import type { LogEvent } from "../store/log.ts";
import { MemoryJournal } from "../store/memory-log.ts";

/** A journal in memory whose disk can fail. */
export class BreakableJournal extends MemoryJournal {
  /** While set, nothing can be written; the message of the disk. */
  fault: string | undefined;

  override append(events: readonly LogEvent[]): void {
    if (this.fault !== undefined) throw new Error(this.fault);
    super.append(events);
  }
}
