import type { Client } from "../api/client.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { UsageError } from "./exit-codes.ts";
import { formatAs } from "./format-as.ts";
import { formatColumns, indent, printable } from "./output.ts";
import type { Session } from "./session.ts";
import { keyIn, parseObject } from "./target.ts";

export type Report = Awaited<ReturnType<Client["explain"]>>;
type Now = NonNullable<Report["now"]>;
type HostReport = Now["hosts"][number];

/** Tells why a machine is where it is, or nowhere, and what would be decided now. */
export async function explain(
  session: Session,
  words: readonly string[],
  { output }: { readonly output?: string },
): Promise<void> {
  const { kind, name } = parseObject(words);
  if (kind.kind !== VirtualMachineKind.kind) throw new UsageError("only machines are explained: vm/NAME");
  const report = await session.client.explain(keyIn(kind, session.namespace, name));
  session.stdout.write(formatAs(report, output, describeReport));
}

/** The text of `explain`. */
export function describeReport({
  name,
  namespace,
  hostName,
  decisions,
  now,
  blocked,
  counterfactuals,
}: Report) {
  const where = hostName === undefined ? "has no host" : `is on ${hostName}`;
  return [
    `${namespace}/${name} ${where}\n`,
    "\nDecisions, the newest first:\n",
    decisions.length === 0 ? "  none\n" : indent(formatColumns(decisions.map(decisionRow))),
    blocked === undefined ? "" : `\nNow: nothing can be decided: ${printable(blocked)}\n`,
    now === undefined ? "" : describeNow(now),
    advice(counterfactuals.map(({ message }) => message)),
  ].join("");
}

function advice(changes: readonly string[]): string {
  return changes.length === 0 ? "" : `\nIt would fit, the smallest change first:\n${indent(lines(changes))}`;
}

function decisionRow({ time, type, policy, message, suggestions = [] }: Report["decisions"][number]) {
  const advice = suggestions.length === 0 ? "" : `; it would fit: ${suggestions.join("; or: ")}`;
  return [time, type, policy, printable(`${message}${advice}`)];
}

function describeNow({ policy, message, hosts, others }: Now): string {
  const plugins = [...new Set(hosts.flatMap(({ scores = [] }) => scores.map(weighted)))];
  const rows = hosts.map((host) => [
    host.hostName,
    host.total === undefined ? "no" : "yes",
    host.total === undefined ? "" : String(rounded(host.total)),
    ...plugins.map((plugin) => pointsOf(host, plugin)),
    printable(refusalsOf(host)),
  ]);
  const rest = others.map(({ hostCount, examples, refusals }) => {
    const why = refusals.map(({ reason }) => reason).join(", ") || "could take it, too";
    return `${hostCount} more, such as ${examples.join(", ")}: ${why}`;
  });
  return [
    `\nNow, by ${policy}: ${printable(message)}\n`,
    indent(formatColumns([["HOST", "FITS", "TOTAL", ...plugins, "WHY NOT"], ...rows])),
    indent(lines(rest)),
  ].join("");
}

type Score = NonNullable<HostReport["scores"]>[number];

function weighted({ plugin, weight }: Score): string {
  return weight === 1 ? plugin : `${plugin} x ${weight}`;
}

function pointsOf({ scores = [] }: HostReport, plugin: string): string {
  const score = scores.find((one) => weighted(one) === plugin);
  return score === undefined ? "" : String(rounded(score.points));
}

function refusalsOf({ filters }: HostReport): string {
  const refused = filters.filter(({ passed }) => !passed);
  return refused.map(({ plugin, reason }) => `${reason} (${plugin})`).join("; ");
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${printable(text)}\n`).join("");
}

function rounded(points: number): number {
  return Math.round(points * 10) / 10;
}
