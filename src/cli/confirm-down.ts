import type { Fence } from "../schema/fence.ts";
import { HostKind } from "../schema/host.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { parseDuration } from "./duration.ts";
import { UsageError } from "./exit-codes.ts";
import { printable } from "./output.ts";
import type { Session } from "./session.ts";

export interface ConfirmDownOptions {
  readonly reason?: string;
  /** Such as `1h`; an hour when absent. */
  readonly expires?: string;
  /** Machines that have disks there wait for the host. */
  readonly onlyWithoutDisks?: boolean;
  readonly evenInMassOutage?: boolean;
  /** Take it back. */
  readonly withdraw?: boolean;
}

/** States that a host is down, and says what becomes of its machines; or takes that back. */
export async function confirmDown(
  session: Session,
  name: string,
  options: ConfirmDownOptions,
): Promise<void> {
  const { client, stdout } = session;
  const part = { kind: HostKind, key: { name }, part: "fence" };
  if (options.withdraw === true) {
    await client.part("DELETE", part);
    stdout.write(`host/${name} no longer counts as confirmed down; what was started elsewhere stays there\n`);
    return;
  }
  const fence = await client.part<Fence>("PUT", part, requestOf(options));
  const { items } = await client.list(VirtualMachineKind);
  const there = items.filter(({ status }) => status?.hostName === name);
  stdout.write(`host/${name} confirmed down by ${printable(fence.statedBy)} until ${fence.expiresAt}\n`);
  for (const line of there.map((vm) => describe(vm, fence))) stdout.write(`  ${line}\n`);
  stdout.write(advice(there.length, name));
}

function requestOf({ reason, expires, onlyWithoutDisks, evenInMassOutage }: ConfirmDownOptions) {
  if (reason === undefined) throw new UsageError("say with --reason how it is known that the host is down");
  return {
    reason,
    ...(expires === undefined ? {} : { expiresInSeconds: Math.round(parseDuration(expires) / 1000) }),
    machines: onlyWithoutDisks === true ? "WithoutDisks" : "All",
    evenInMassOutage: evenInMassOutage === true,
  };
}

/** What becomes of one machine, as far as its own settings say. */
function describe({ metadata, spec, status }: VirtualMachine, { machines }: Fence): string {
  const id = `${metadata.namespace ?? "default"}/${metadata.name}`;
  const disks = spec.disks.filter(({ volume }) => volume === undefined).map((disk) => disk.name);
  const volumes = spec.disks.flatMap(({ volume }) => volume ?? []);
  if (metadata.deletionTimestamp !== undefined) return `${id} waits for the host: it is being deleted`;
  if (spec.failover === "None") return `${id} waits for the host: its failover is None`;
  if (volumes.length > 0) return `${id} waits for the host: volume ${volumes.join(", ")} is there`;
  if (disks.length === 0) return `${id} starts elsewhere, if it is to run; it has no disks`;
  if (machines === "WithoutDisks") return `${id} waits for the host: it has disks there`;
  const kept = (status?.volumes ?? []).map(({ volume }) => volume);
  const where = kept.length === 0 ? "" : `; kept on the host: ${kept.join(", ")}`;
  return `${id} starts elsewhere, if it is to run, with NEW disks ${disks.join(", ")}${where}`;
}

function advice(count: number, name: string): string {
  if (count === 0) return "no machine is placed there\n";
  return (
    "New disks are made from their images; what guests wrote stays on the old ones. When the host is\n" +
    "back, its copies are stopped, never its disks removed. If it is not down after all, machines run\n" +
    `twice until then: take it back with: ostler host confirm-down ${name} --withdraw\n`
  );
}
