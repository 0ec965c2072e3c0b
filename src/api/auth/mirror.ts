import { pause } from "../../runtime/abort.ts";
import type { Clock } from "../../runtime/clock.ts";
import { hasReason, messageOf } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { groupResource, type Kind } from "../../schema/kind.ts";
import { formatKey, keyOf, type Resource } from "../../schema/meta.ts";
import type { Store } from "../../store/store.ts";

export interface MirrorOptions<T extends Resource> {
  readonly store: Pick<Store, "list" | "watch">;
  readonly kind: Kind<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called with the newest state of an object, and with undefined after it is gone. */
  readonly onChange: (last: T, current: T | undefined) => void;
  readonly signal: AbortSignal;
}

const retryMs = 100;

/**
 * Tells of every object of a kind, and of what becomes of them, until the signal ends it. Resolves when all
 * there are have been told of. A write has been told of before its client hears that it succeeded.
 */
export async function mirror<T extends Resource>(options: MirrorOptions<T>): Promise<void> {
  const known = new Map<string, T>();
  const revision = await relist(options, known);
  follow(options, known, revision).catch((error: unknown) => {
    options.logger.error("mirror failed", { kind: groupResource(options.kind), error: messageOf(error) });
  });
}

async function follow<T extends Resource>(
  options: MirrorOptions<T>,
  known: Map<string, T>,
  from: string,
): Promise<void> {
  const { kind, signal, clock, logger } = options;
  let since: string | undefined = from;
  while (!signal.aborted) {
    try {
      since ??= await relist(options, known);
      for await (const revision of changes(options, known, since)) since = revision;
    } catch (error) {
      if (signal.aborted) return;
      logger.warn("mirror lags", { kind: groupResource(kind), error: messageOf(error) });
      if (hasReason(error, "Expired")) since = undefined;
    }
    await pause(clock, retryMs, signal);
  }
}

/** The revisions up to which everything has been told. */
async function* changes<T extends Resource>(
  options: MirrorOptions<T>,
  known: Map<string, T>,
  since: string,
): AsyncGenerator<string> {
  const { store, kind, signal } = options;
  for await (const event of store.watch(kind, { since, signal, bookmarks: true })) {
    if (event.type !== "BOOKMARK") tell(options, known, event.object, event.type === "DELETED");
    yield event.type === "BOOKMARK"
      ? event.resourceVersion
      : (event.object.metadata.resourceVersion ?? since);
  }
}

async function relist<T extends Resource>(options: MirrorOptions<T>, known: Map<string, T>): Promise<string> {
  const { items, resourceVersion } = await options.store.list(options.kind);
  const listed = new Set(items.map((item) => formatKey(keyOf(item))));
  for (const [key, last] of [...known]) if (!listed.has(key)) tell(options, known, last, true);
  for (const item of items) tell(options, known, item, false);
  return resourceVersion;
}

function tell<T extends Resource>(
  { onChange }: MirrorOptions<T>,
  known: Map<string, T>,
  object: T,
  gone: boolean,
): void {
  const key = formatKey(keyOf(object));
  if (gone) known.delete(key);
  else known.set(key, object);
  onChange(object, gone ? undefined : object);
}
