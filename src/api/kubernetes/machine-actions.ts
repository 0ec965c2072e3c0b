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
export const machineActions = ["start", "stop", "restart"] as const;
export type MachineAction = (typeof machineActions)[number];

/** Who asks, and when (milliseconds since the epoch). */
export interface Asker {
  readonly userName: string;
  readonly now: number;
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
  const strategy = machine.spec.runStrategy;
  return withOverride(machine, strategy === "Halted" ? undefined : overrideBy("Stop", strategy, asker));
}

function requestRestart(machine: VirtualMachine, { userName, now }: Asker): VirtualMachine {
  const { runStrategy } = machine.spec;
  if (runStrategy === "Once") throw refused(machine, "restart", "its runStrategy Once allows one run");
  const override = overrideOf(machine)?.action;
  if (override === "Stop" || (runStrategy === "Halted" && override === undefined)) {
    throw refused(machine, "restart", "it is not meant to run; start it instead");
  }
  const restartRequest = { requestedBy: userName, requestedAt: formatTime(now) };
  return { ...machine, status: { ...machine.status, restartRequest } };
}

type Override = NonNullable<VirtualMachineStatus["runOverride"]>;

function overrideBy(
  action: Override["action"],
  runStrategy: RunStrategy,
  { userName, now }: Asker,
): Override {
  return { action, runStrategy, requestedBy: userName, requestedAt: formatTime(now) };
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
