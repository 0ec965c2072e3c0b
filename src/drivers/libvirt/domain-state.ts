import type { DomainState } from "../driver.ts";

interface StateWords {
  readonly state: DomainState;
  /** By libvirt's number. */
  readonly reasons: readonly string[];
}

/** By libvirt's number of the state. */
const words: readonly StateWords[] = [
  { state: "nostate", reasons: [] },
  {
    state: "running",
    reasons: [
      ...["unknown", "booted", "migrated", "restored", "from-snapshot", "unpaused", "migration-canceled"],
      ...["save-canceled", "wakeup", "crashed", "postcopy", "postcopy-failed"],
    ],
  },
  { state: "blocked", reasons: [] },
  {
    state: "paused",
    reasons: [
      ...["unknown", "user", "migration", "save", "dump", "ioerror", "watchdog", "from-snapshot"],
      ...["shutting-down", "snapshot", "crashed", "starting-up", "postcopy", "postcopy-failed"],
    ],
  },
  { state: "shutdown", reasons: ["unknown", "user"] },
  {
    state: "shutoff",
    reasons: [
      ...["unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from-snapshot"],
      "daemon",
    ],
  },
  { state: "crashed", reasons: ["unknown", "panicked"] },
  { state: "pmsuspended", reasons: [] },
];

/** libvirt's two numbers as words; what a newer libvirt may add is `nostate` or `unknown`. */
export function domainState(
  state: number,
  reason: number,
): { readonly state: DomainState; readonly reason: string } {
  const found = words[state];
  return { state: found?.state ?? "nostate", reason: found?.reasons[reason] ?? "unknown" };
}

/** Whether a domain in this state has a process. */
export function isActive(state: DomainState): boolean {
  return state !== "shutoff" && state !== "crashed";
}
