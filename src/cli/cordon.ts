import { HostKind } from "../schema/host.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import type { Session } from "./session.ts";
import { labelOf, nameOf } from "./target.ts";

/** Has hosts take no new machines, or take them again; `host/h1` and `h1` both name one. */
export async function cordon(
  session: Session,
  words: readonly string[],
  unschedulable: boolean,
): Promise<void> {
  const { client, stdout } = session;
  const done = unschedulable ? "cordoned" : "uncordoned";
  for (const name of words.map((word) => nameOf(HostKind, word))) {
    const { spec } = await client.get(HostKind, { name });
    const isNew = spec.unschedulable !== unschedulable;
    if (isNew) await client.patch(HostKind, { name }, { spec: { unschedulable } });
    stdout.write(`${labelOf(HostKind, name)} ${isNew ? done : `already ${done}`}\n`);
    if (unschedulable) await tellWhatStays(session, name);
  }
}

async function tellWhatStays({ client, stdout }: Session, host: string): Promise<void> {
  const { items } = await client.list(VirtualMachineKind, { fieldSelector: `status.hostName=${host}` });
  const count = items.length === 1 ? "1 machine stays" : `${items.length} machines stay`;
  if (items.length > 0) stdout.write(`  ${count} there; where they could go: ostler plan --drain ${host}\n`);
}
