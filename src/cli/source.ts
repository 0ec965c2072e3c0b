import { StatusError } from "../runtime/errors.ts";
import { confirmPruneAnnotation, type Source, SourceKind } from "../schema/source.ts";
import { get } from "./get.ts";
import { formatColumns, indent, printable } from "./output.ts";
import type { Session } from "./session.ts";

/** Lists the folders of manifests that are kept applied. */
export async function listSources(session: Session): Promise<void> {
  await get(session, [SourceKind.plural], {});
}

/** Shows one source, or each if there is no name: its problems, and what waits for confirmation. */
export async function showSource(session: Session, name: string | undefined): Promise<void> {
  const { client, stdout } = session;
  const sources =
    name === undefined ? (await client.list(SourceKind)).items : [await client.get(SourceKind, { name })];
  for (const source of sources) stdout.write(describeSource(source));
}

/** Agrees to the deletions of the plan with this hash. Throws `NotFound` when no source waits for it. */
export async function confirmPrune(session: Session, planHash: string): Promise<void> {
  const { client, stdout } = session;
  const { items } = await client.list(SourceKind);
  const source = items.find(({ status }) => status?.pendingPrune?.planHash === planHash);
  if (source === undefined) {
    throw new StatusError(
      "NotFound",
      `no source waits for plan ${planHash}; "ostler source show" tells what does`,
    );
  }
  const { name } = source.metadata;
  await client.patch(
    SourceKind,
    { name },
    { metadata: { annotations: { [confirmPruneAnnotation]: planHash } } },
  );
  stdout.write(`source/${name} confirmed: ${source.status?.pendingPrune?.total} deletions\n`);
}

/** The text of `source show`. */
export function describeSource({ metadata, spec, status }: Source): string {
  const { files = 0, objects = 0, lastAppliedTime = "never", problems = [], pendingPrune } = status ?? {};
  const head = formatColumns([
    ["Name:", metadata.name],
    ["Directory:", printable(spec.directory)],
    ["Files:", String(files)],
    ["Objects:", String(objects)],
    ["Last applied:", lastAppliedTime],
  ]);
  const lines = problems.map(({ file, line, column, path, message }) => {
    const place = [file, line, column].filter((part) => part !== undefined).join(":");
    return printable([place, path, message].filter((part) => part !== undefined).join(": "));
  });
  const wrong = lines.length === 0 ? "Problems: none\n" : `Problems:\n${indent(`${lines.join("\n")}\n`)}`;
  return `${head}${wrong}${pendingPrune === undefined ? "" : describePending(pendingPrune)}`;
}

function describePending({
  planHash,
  message,
  total,
  deletions,
}: NonNullable<NonNullable<Source["status"]>["pendingPrune"]>): string {
  const more = total > deletions.length ? [`and ${total - deletions.length} more`] : [];
  return [
    `Waits for confirmation: ${printable(message)}\n`,
    indent(`${[...deletions, ...more].map(printable).join("\n")}\n`),
    `To delete these ${total}, type: ostler source confirm ${planHash}\n`,
  ].join("");
}
