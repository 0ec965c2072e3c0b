import { formatTime, parseTime } from "../../runtime/clock.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";

type StartFailure = NonNullable<VirtualMachineStatus["startFailure"]>;

const intervalMs = 10_000;
const capMs = 300_000;

/** A run of at least this long was a success: the next failure counts from one again. */
export const stableRunMs = 10_000;

/** So many runs in a row may end early and be started again at once. */
const freeRestarts = 3;

/** KubeVirt's formula: 10 s times the square of the failures so far, at most 300 s. */
export function startDelayMs(consecutiveFailCount: number): number {
  return Math.min(capMs, intervalMs * consecutiveFailCount ** 2);
}

/** Records a start that did not come about: the next one waits. */
export function startFailed(before: StartFailure | undefined, message: string, now: number): StartFailure {
  const count = (before?.consecutiveFailCount ?? 0) + 1;
  return record(count, startDelayMs(count), message, now);
}

/**
 * Records a run that ended soon after it began. The first three in a row are restarted at once: a guest that
 * was killed should be back within a second. From then on it is a crash loop and waits.
 */
export function runEndedEarly(before: StartFailure | undefined, message: string, now: number): StartFailure {
  const count = (before?.consecutiveFailCount ?? 0) + 1;
  return record(count, startDelayMs(Math.max(0, count - freeRestarts)), message, now);
}

/** Milliseconds until the next start is allowed; 0 when it is, or when the clock has leapt back since. */
export function startWaitMs(failure: StartFailure | undefined, now: number): number {
  if (failure === undefined || now < parseTime(failure.lastFailureTime)) return 0;
  return Math.max(0, parseTime(failure.retryAfterTime) - now);
}

/** Stored times are whole seconds: this one is not before `epochMs`, so nothing counted from it is short. */
export function formatTimeUp(epochMs: number): string {
  return formatTime(Math.ceil(epochMs / 1000) * 1000);
}

function record(count: number, delayMs: number, message: string, now: number): StartFailure {
  return {
    consecutiveFailCount: count,
    lastFailureTime: formatTime(now),
    retryAfterTime: delayMs === 0 ? formatTime(now) : formatTimeUp(now + delayMs),
    message: message.slice(0, 4096),
  };
}
