import { formatTime } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import { groupResource } from "../../schema/kind.ts";
import {
  type RunStrategy,
  type VirtualMachine,
  VirtualMachineKind,
  type VirtualMachineStatus,
} from "../../schema/virtual-machine.ts";

/** What a person may ask of a machine: each is a path below it, written with PUT. */
export const machineActions = ["start", "stop", "restart", "pause", "unpause"] as const;
export type MachineAction = (typeof machineActions)[number];

/** Who asks, and when (milliseconds since the epoch). */
export interface Asker {
  readonly userName: string;
  readonly now: number;
  /** Of a stop or restart: how long the guest may take, where that is not what its spec says. */
  readonly gracePeriodSeconds?: number | undefined;
}

/** Whether `name` is the path of an action. */
export function isMachineAction(name: string | undefined): name is MachineAction {
  return machineActions.some((action) => action === name);
}

/**
 * The machine with the request written into its status; the same object when there is nothing to write.
 * The spec stays its owner's: the request is an override that ends when spec.runStrategy changes. Throws
 * `Conflict` when the strategy does not allow the action.
 */
export function requestAction(machine: VirtualMachine, action: MachineAction, asker: Asker): VirtualMachine {
  if (machine.metadata.deletionTimestamp !== undefined) throw refused(machine, action, "it is being deleted");
  switch (action) {
    case "start":
      return requestStart(machine, asker);
    case "stop":
      return requestStop(machine, asker);
    case "restart":
      return requestRestart(machine, asker);
    case "pause":
      return requestPause(machine, asker);
    case "unpause":
      return requestUnpause(machine, asker);
  }
}

function requestStart(machine: VirtualMachine, asker: Asker): VirtualMachine {
  const strategy = machine.spec.runStrategy;
  switch (strategy) {
    case "Once":
      throw refused(machine, "start", "its runStrategy Once allows one run, begun when it was created");
    case "Always":
      return withOverride(machine, undefined);
    case "RerunOnFailure":
    case "Manual":
    case "Halted":
      return withOverride(machine, overrideBy("Start", strategy, asker));
  }
}

function requestStop(machine: VirtualMachine, asker: Asker): VirtualMachine {
  const { runStrategy } = machine.spec;
  const grace = asker.gracePeriodSeconds;
  if (runStrategy === "Halted" && grace === undefined) return withOverride(machine, undefined);
  const override = overrideBy("Stop", runStrategy, asker);
  // In haste is more than stopped.
  return grace === undefined
    ? withOverride(machine, override)
    : { ...machine, status: { ...machine.status, runOverride: { ...override, gracePeriodSeconds: grace } } };
}

function requestRestart(machine: VirtualMachine, asker: Asker): VirtualMachine {
  if (machine.spec.runStrategy === "Once") {
    throw refused(machine, "restart", "its runStrategy Once allows one run");
  }
  if (!isMeantToRun(machine)) throw refused(machine, "restart", "it is not meant to run; start it instead");
  const grace = asker.gracePeriodSeconds;
  const restartRequest = {
    ...requestBy(asker),
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
  };
  return { ...machine, status: { ...machine.status, restartRequest } };
}

function requestPause(machine: VirtualMachine, asker: Asker): VirtualMachine {
  const { status } = machine;
  if (!runs(machine)) throw refused(machine, "pause", "it does not run");
  if (!isMeantToRun(machine)) throw refused(machine, "pause", "it is being stopped");
  if (status?.pauseRequest?.action === "Pause") return machine;
  return { ...machine, status: { ...status, pauseRequest: { action: "Pause", ...requestBy(asker) } } };
}

function requestUnpause(machine: VirtualMachine, asker: Asker): VirtualMachine {
  const { status } = machine;
  if (!runs(machine)) throw refused(machine, "unpause", "it does not run");
  const isPaused = status?.pauseRequest?.action === "Pause" || status?.domain?.state === "paused";
  if (!isPaused || status?.pauseRequest?.action === "Unpause") return machine;
  return { ...machine, status: { ...status, pauseRequest: { action: "Unpause", ...requestBy(asker) } } };
}

/** As far as was last seen. */
function runs({ status }: VirtualMachine): boolean {
  return status?.domain !== undefined && status.domain.state !== "shutoff";
}

function isMeantToRun(machine: VirtualMachine): boolean {
  const override = overrideOf(machine)?.action;
  return override !== "Stop" && !(machine.spec.runStrategy === "Halted" && override === undefined);
}

function requestBy({ userName, now }: Asker): { readonly requestedBy: string; readonly requestedAt: string } {
  return { requestedBy: userName, requestedAt: formatTime(now) };
}

type Override = NonNullable<VirtualMachineStatus["runOverride"]>;

function overrideBy(action: Override["action"], runStrategy: RunStrategy, asker: Asker): Override {
  return { action, runStrategy, ...requestBy(asker) };
}

/** The override in force: one made under another strategy has ended. */
function overrideOf(machine: VirtualMachine): Override | undefined {
  const override = machine.status?.runOverride;
  return override?.runStrategy === machine.spec.runStrategy ? override : undefined;
}

function withOverride(machine: VirtualMachine, override: Override | undefined): VirtualMachine {
  if (overrideOf(machine)?.action === override?.action) return machine;
  const { runOverride: _replaced, ...status } = machine.status ?? {};
  return { ...machine, status: override === undefined ? status : { ...status, runOverride: override } };
}

function refused(machine: VirtualMachine, action: MachineAction, why: string): StatusError {
  const resource = `${groupResource(VirtualMachineKind)} "${machine.metadata.name}"`;
  return new StatusError(
    "Conflict",
    `Operation cannot be fulfilled on ${resource}: cannot ${action}: ${why}`,
  );
}
