import type { Client } from "../api/client.ts";
import { StatusError } from "../runtime/errors.ts";
import { UsageError } from "./exit-codes.ts";
import { formatAs } from "./format-as.ts";
import { readManifests } from "./manifest-files.ts";
import { formatColumns, indent, printable } from "./output.ts";
import type { Session } from "./session.ts";

export interface PlanFlags {
  readonly filename?: readonly string[];
  readonly loseHost?: readonly string[];
  readonly drain?: readonly string[];
  readonly policy?: string;
  readonly output?: string;
}

type Plan = Awaited<ReturnType<Client["plan"]>>;
type Entry = Plan["entries"][number];

/**
 * Says where machines would be and what would not fit; nothing is written. Throws at the end when something
 * would not, so that scripts can tell.
 */
export async function plan(session: Session, flags: PlanFlags): Promise<void> {
  const { filename = [], loseHost: loseHosts = [], drain: drainHosts = [], policy, output } = flags;
  if (filename.length + loseHosts.length + drainHosts.length === 0 && policy === undefined) {
    throw new UsageError("say what to think through: -f FILE, --lose-host, --drain or --policy");
  }
  const { manifests, problems } =
    filename.length === 0 ? { manifests: [], problems: [] } : await readManifests(filename, session);
  if (problems.length > 0) throw new StatusError("Invalid", problems.join("\n"));
  const resources = manifests.map(({ resource }) => resource);
  const request = { manifests: resources, loseHosts: [...loseHosts], drainHosts: [...drainHosts] };
  const found = await session.client.plan(policy === undefined ? request : { ...request, policy });
  session.stdout.write(formatAs(found, output, describePlan));
  const bad = found.entries.filter(isBad).length + found.problems.length;
  if (bad > 0) throw new StatusError("Invalid", `${bad} of the machines would not be where they should be`);
}

function isBad({ outcome }: Entry): boolean {
  return outcome === "Unschedulable" || outcome === "Stuck" || outcome === "NoRoom";
}

/** The text of `plan`. */
export function describePlan({ entries, hosts, problems }: Plan): string {
  const rows = entries.map(({ namespace, name, outcome, message }) => [
    `${namespace}/${name}`,
    outcome,
    printable(message),
  ]);
  const advice = entries.flatMap(({ namespace, name, suggestions = [] }) =>
    suggestions.map((text) => `${namespace}/${name} would fit: ${printable(text)}\n`),
  );
  const changed = hosts.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
  return [
    rows.length === 0
      ? "nothing would change\n"
      : formatColumns([["MACHINE", "OUTCOME", "WHERE OR WHY"], ...rows]),
    ...advice,
    ...problems.map((problem) => `${printable(problem)}\n`),
    changed.length === 0
      ? ""
      : `\nPromised on hosts:\n${indent(formatColumns([hostHead, ...changed.map(hostRow)]))}`,
    "\nNothing has been written.\n",
  ].join("");
}

const hostHead = ["HOST", "CPUS", "MEMORY MIB", "DISK MIB"];

function hostRow({ name, before, after, allocatable }: Plan["hosts"][number]): readonly string[] {
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  const change = (was: number, is: number, of: number) => `${was} -> ${is} of ${of}`;
  return [
    name,
    change(before.cpus, after.cpus, allocatable.cpus),
    change(mebibytes(before.memoryBytes), mebibytes(after.memoryBytes), mebibytes(allocatable.memoryBytes)),
    change(mebibytes(before.diskBytes), mebibytes(after.diskBytes), mebibytes(allocatable.diskBytes)),
  ];
}
