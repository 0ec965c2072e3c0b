import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { parseDuration } from "./duration.ts";
import { UsageError } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { keyIn, labelOf, nameOf } from "./target.ts";

export type MachineAction = "start" | "stop" | "restart" | "pause" | "unpause";

export interface ActionFlags {
  /** How long the guest may take to shut down; what its spec says when absent. */
  readonly grace?: string;
  /** Pull the plug. */
  readonly force?: boolean;
}

/** Asks for machines to be started, stopped and so on; `vm/web` and `web` both name one. */
export async function actOnMachines(
  session: Session,
  action: MachineAction,
  words: readonly string[],
  flags: ActionFlags = {},
): Promise<void> {
  const gracePeriodSeconds = graceOf(flags);
  const body = gracePeriodSeconds === undefined ? undefined : { gracePeriodSeconds };
  for (const word of words) {
    const name = nameOf(VirtualMachineKind, word);
    const key = keyIn(VirtualMachineKind, session.namespace, name);
    await session.client.part("PUT", { kind: VirtualMachineKind, key, part: action }, body);
    session.stdout.write(`${labelOf(VirtualMachineKind, name)} ${action} requested\n`);
  }
}

function graceOf({ grace, force = false }: ActionFlags): number | undefined {
  if (force && grace !== undefined) throw new UsageError("--force leaves no time for --grace");
  if (force) return 0;
  return grace === undefined ? undefined : Math.ceil(parseDuration(grace) / 1000);
}
