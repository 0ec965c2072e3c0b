import { hasReason, messageOf } from "../../runtime/errors.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { startFailed } from "./backoff.ts";
import type { Outcome } from "./execute.ts";
import { noteDeleted, noteStarted } from "./memory.ts";
import { noteResumed } from "./pause.ts";
import { noteAsked } from "./volume-memory.ts";

export type Failed = NonNullable<Outcome["failed"]>;

export interface Deeds {
  readonly vm: VirtualMachine;
  /** What was known when the steps were taken. */
  readonly memory: VirtualMachineStatus;
  readonly outcome: Outcome;
  /** Of the definition that a start was made with. */
  readonly definitionHash: string;
  readonly now: number;
}

/** What the steps just taken change about what must be remembered. */
export function remember({ vm, memory, outcome, definitionHash, now }: Deeds): VirtualMachineStatus {
  let next = memory;
  for (const action of outcome.done) {
    if (action.type === "StartDomain") next = noteStarted(next, definitionHash, now);
    if (action.type === "DeleteVolume") next = noteDeleted(next, action.volume);
  }
  next = noteResumed(noteAsked(next, outcome, now), outcome);
  const { failed } = outcome;
  if (failed === undefined || !isFailedStart(failed)) return next;
  // The one run that is allowed has not begun.
  const started = vm.spec.runStrategy === "Once" ? { started: false } : {};
  return { ...next, ...started, startFailure: startFailed(next.startFailure, messageOf(failed.error), now) };
}

/** A start that did not come about, for certain. */
export function isFailedStart({ action, error }: Failed): boolean {
  return (
    action.type === "StartDomain" &&
    !hasReason(error, "OutcomeUnknown") &&
    !hasReason(error, "HostUnreachable")
  );
}
