import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { UsageError } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { keyIn, labelOf } from "./target.ts";

const requested = { start: "start", stop: "stop", restart: "restart" } as const;

/** Asks for machines to be started, stopped or restarted; `vm/web` and `web` both name one. */
export async function actOnMachines(
  session: Session,
  action: keyof typeof requested,
  words: readonly string[],
): Promise<void> {
  for (const word of words) {
    const name = machineName(word);
    const key = keyIn(VirtualMachineKind, session.namespace, name);
    await session.client.part("PUT", { kind: VirtualMachineKind, key, part: action });
    session.stdout.write(`${labelOf(VirtualMachineKind, name)} ${requested[action]} requested\n`);
  }
}

/** The name in `NAME` or `vm/NAME`. */
export function machineName(word: string): string {
  const [kind = "", name, ...more] = word.split("/");
  if (name === undefined) return word;
  const known = [VirtualMachineKind.singular, VirtualMachineKind.plural, ...VirtualMachineKind.shortNames];
  if (more.length === 0 && known.includes(kind.toLowerCase())) return name;
  throw new UsageError(`${word} is not a machine; give NAME or vm/NAME`);
}
