import { systemClock } from "../../runtime/clock.ts";
import type { LabHost } from "./lab-host.ts";

/** One life of a guest: a QEMU process. */
export interface GuestRun {
  readonly hostName: string;
  readonly pid: number;
}

const everyMs = 50;

/** Looks at the processes of all hosts again and again, and remembers every guest that ran. */
export class GuestWatch implements AsyncDisposable {
  readonly #hosts: readonly LabHost[];
  readonly #stopped = new AbortController();
  readonly #runs = new Map<string, GuestRun[]>();
  readonly #twice = new Set<string>();
  readonly #loop: Promise<void>;
  #looks = 0;

  constructor(hosts: readonly LabHost[]) {
    this.#hosts = hosts;
    this.#loop = this.#watch(this.#stopped.signal);
  }

  get looks(): number {
    return this.#looks;
  }

  /** Guests of which two lived at once, and where. */
  get twice(): readonly string[] {
    return [...this.#twice];
  }

  /** All lives of the guest so far, in the order in which they were seen. */
  runsOf(name: string): readonly GuestRun[] {
    return this.#runs.get(name) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#look();
      await systemClock.sleep(everyMs, signal).catch(() => undefined);
    }
  }

  #look(): void {
    const living = new Map<string, string>();
    for (const host of this.#hosts) {
      for (const [name, pid] of host.guests()) {
        const other = living.get(name);
        if (other !== undefined) this.#twice.add(`${name} on ${other} and ${host.name}`);
        living.set(name, host.name);
        this.#note(name, { hostName: host.name, pid });
      }
    }
    this.#looks += 1;
  }

  #note(name: string, run: GuestRun): void {
    const runs = this.#runs.get(name) ?? [];
    this.#runs.set(name, runs);
    if (!runs.some(({ pid }) => pid === run.pid)) runs.push(run);
  }
}
