import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { parseDuration } from "./duration.ts";
import { UsageError } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { keyIn, labelOf } from "./target.ts";

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
    const name = machineName(word);
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

/** The name in `NAME` or `vm/NAME`. */
export function machineName(word: string): string {
  const [kind = "", name, ...more] = word.split("/");
  if (name === undefined) return word;
  const known = [VirtualMachineKind.singular, VirtualMachineKind.plural, ...VirtualMachineKind.shortNames];
  if (more.length === 0 && known.includes(kind.toLowerCase())) return name;
  throw new UsageError(`${word} is not a machine; give NAME or vm/NAME`);
}
