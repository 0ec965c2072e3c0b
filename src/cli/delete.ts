import type { DeleteQuery } from "../api/client.ts";
import { hasReason, messageOf, StatusError } from "../runtime/errors.ts";
import type { Kind } from "../schema/kind.ts";
import { keyOf, type ObjectKey, type Resource } from "../schema/meta.ts";
import { abandon } from "./abandon.ts";
import { UsageError } from "./exit-codes.ts";
import { readManifests } from "./manifest-files.ts";
import { printable } from "./output.ts";
import type { Session } from "./session.ts";
import { keyIn, labelOf, parseObjects } from "./target.ts";
import { waitFor } from "./wait-for.ts";

export interface DeleteOptions extends DeleteQuery {
  readonly filename?: readonly string[] | undefined;
  readonly wait: boolean;
  /** Whether what is on a host that cannot be asked is given up. */
  readonly abandon?: boolean | undefined;
  readonly timeoutMs: number;
}

interface Doomed {
  readonly kind: Kind;
  readonly key: ObjectKey;
}

/**
 * Deletes objects and, unless told otherwise, waits until they are gone. Goes on after a failure; throws the
 * last one at the end.
 */
export async function deleteObjects(
  session: Session,
  words: readonly string[],
  options: DeleteOptions,
): Promise<void> {
  const doomed = await doomedBy(session, words, options);
  const failures: unknown[] = [];
  for (const one of doomed) {
    try {
      await deleteOne(session, one, options);
    } catch (error) {
      if (options.filename !== undefined && hasReason(error, "NotFound")) continue;
      failures.push(error);
      if (doomed.length > 1)
        session.stderr.write(`${labelOf(one.kind, one.key.name)}: ${messageOf(error)}\n`);
    }
  }
  if (failures.length > 0) throw failures.at(-1);
}

async function doomedBy(
  session: Session,
  words: readonly string[],
  { filename }: DeleteOptions,
): Promise<readonly Doomed[]> {
  if (filename === undefined) {
    return parseObjects(words, "delete").flatMap(({ kind, names }) =>
      names.map((name) => ({ kind, key: keyIn(kind, session.namespace, name) })),
    );
  }
  if (words.length > 0) throw new UsageError("give either KIND NAME or -f, not both");
  const { manifests, problems } = await readManifests(filename, session);
  if (problems.length > 0) {
    throw new StatusError(
      "Invalid",
      `nothing was deleted, because the files have errors:\n${problems.join("\n")}`,
    );
  }
  return manifests.map(({ kind, resource }) => ({ kind, key: keyOf(resource) })).reverse();
}

async function deleteOne(session: Session, { kind, key }: Doomed, options: DeleteOptions): Promise<void> {
  const { client, stdout } = session;
  const before = await client.get(kind, key);
  await client.delete(kind, key, options);
  const label = labelOf(kind, key.name);
  if (!options.wait) {
    stdout.write(`${label} deletion requested\n`);
    return;
  }
  const isGone = (resource: Resource | undefined): boolean => resource?.metadata.uid !== before.metadata.uid;
  const { clock, signal } = session;
  const waiting = { client, clock, signal, kind, key, timeoutMs: options.timeoutMs, goal: "its end" };
  const why = options.abandon === true ? await abandon(waiting, isGone) : undefined;
  await waitFor({ ...waiting, met: isGone });
  stdout.write(why === undefined ? `${label} deleted\n` : `${label} abandoned: ${printable(why)}\n`);
}
