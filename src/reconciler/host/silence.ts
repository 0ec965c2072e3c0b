import { pause } from "../../runtime/abort.ts";
import type { Clock } from "../../runtime/clock.ts";

export interface SilenceOptions {
  readonly clock: Clock;
  /** A link that is alive is heard from every five seconds. */
  readonly limitMs: number;
  /** When the host last said anything, in monotonic time. */
  readonly heardAtMs: () => number;
  /** Called when the host has fallen silent, and when it speaks again. */
  readonly told: (isSilent: boolean) => void;
}

const lookAgainMs = 1_000;

/** Watches for a host that says nothing, long before its link counts as lost; until the signal is aborted. */
export async function watchSilence(options: SilenceOptions, signal: AbortSignal): Promise<void> {
  const { clock, limitMs, heardAtMs, told } = options;
  let wasSilent = false;
  while (!signal.aborted) {
    const quietMs = clock.monotonic() - heardAtMs();
    const isSilent = quietMs >= limitMs;
    if (isSilent !== wasSilent) told(isSilent);
    wasSilent = isSilent;
    await pause(clock, isSilent ? lookAgainMs : Math.max(1, limitMs - quietMs), signal);
  }
}
