import type { Client } from "../api/client.ts";
import type { Clock } from "../runtime/clock.ts";
import { hasReason, StatusError } from "../runtime/errors.ts";
import { findCondition } from "../schema/conditions.ts";
import type { Kind } from "../schema/kind.ts";
import type { ObjectKey, Resource } from "../schema/meta.ts";
import { printable } from "./output.ts";
import { statusOf } from "./status-of.ts";

export interface WaitOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What is waited for, to name it when it does not come. */
  readonly goal: string;
  /** Whether it has come; `undefined` means that the object is gone. May throw to give up. */
  readonly met: (resource: Resource | undefined) => boolean;
}

/** Resolves when `met` says so. Throws `Timeout` after `timeoutMs`. */
export async function waitFor(options: WaitOptions): Promise<void> {
  const { clock, timeoutMs, kind, key, goal } = options;
  let last: Resource | undefined;
  const met = (resource: Resource | undefined): boolean => {
    last = resource;
    return options.met(resource);
  };
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = clock.after(timeoutMs, abort);
  options.signal.addEventListener("abort", abort, { once: true });
  try {
    while (!controller.signal.aborted) {
      if (await watchUntilMet({ ...options, met }, controller.signal)) return;
    }
    const late = `${kind.singular}/${key.name}: ${goal} did not come within ${timeoutMs / 1000} s`;
    throw new StatusError("Timeout", `${late}${stateOf(last)}`);
  } finally {
    timer.cancel();
    controller.abort();
    options.signal.removeEventListener("abort", abort);
  }
}

/** Looks, then watches from there; false when the watch ended first. */
async function watchUntilMet(options: WaitOptions, signal: AbortSignal): Promise<boolean> {
  const { client, kind, key, met } = options;
  const selection = { namespace: key.namespace, fieldSelector: `metadata.name=${key.name}` };
  const { items, metadata } = await client.list(kind, selection);
  if (met(items[0])) return true;
  try {
    for await (const event of client.watch(kind, { ...selection, since: metadata.resourceVersion, signal })) {
      if (event.type !== "BOOKMARK" && met(event.type === "DELETED" ? undefined : event.object)) return true;
    }
  } catch (error) {
    if (!hasReason(error, "Expired")) throw error;
  }
  return false;
}

/** What keeps it from what is waited for, as far as it says. */
function stateOf(resource: Resource | undefined): string {
  if (resource === undefined) return "; there is no such object";
  const ready = findCondition(statusOf(resource).conditions, "Ready");
  if (ready === undefined || ready.status === "True") return "";
  return printable(`; ${ready.reason}${ready.message === "" ? "" : `: ${ready.message}`}`);
}
