import type { Client } from "../api/client.ts";
import { hasReason } from "../runtime/errors.ts";
import { findCondition } from "../schema/conditions.ts";
import type { Kind } from "../schema/kind.ts";
import { keyOf, type Resource } from "../schema/meta.ts";
import { statusOf } from "./status-of.ts";
import { type WaitOptions, waitFor } from "./wait-for.ts";

/**
 * Lets an object that is being deleted go although its host cannot be asked: what is there stays. One whose
 * host answers is waited for. Resolves with what it waited for; undefined: it is gone. Throws `Timeout`.
 */
export async function abandon(
  waiting: Omit<WaitOptions, "met">,
  isGone: (resource: Resource | undefined) => boolean,
): Promise<string | undefined> {
  for (;;) {
    const stuck = await untilStuck(waiting, isGone);
    if (stuck === undefined) return undefined;
    if (await letGo(waiting.client, waiting.kind, stuck)) return whyStuck(stuck);
  }
}

/** Resolves with the object when it waits for a host that cannot be asked; undefined: it is gone. */
async function untilStuck(
  waiting: Omit<WaitOptions, "met">,
  isGone: (resource: Resource | undefined) => boolean,
): Promise<Resource | undefined> {
  let last: Resource | undefined;
  const met = (resource: Resource | undefined): boolean => {
    last = isGone(resource) ? undefined : resource;
    return last === undefined || whyStuck(last) !== undefined;
  };
  await waitFor({ ...waiting, met });
  return last;
}

/** What a deletion waits for, if that is a host which cannot be asked: its own words. */
function whyStuck(resource: Resource): string | undefined {
  const { deletionTimestamp, generation = 0 } = resource.metadata;
  const ready = findCondition(statusOf(resource).conditions, "Ready");
  if (deletionTimestamp === undefined || ready?.reason !== "HostUnreachable") return undefined;
  return (ready.observedGeneration ?? 0) < generation ? undefined : ready.message;
}

/** Takes off what Ostler holds it by. False when it has changed meanwhile, and must be looked at again. */
async function letGo(client: Client, kind: Kind, resource: Resource): Promise<boolean> {
  const { resourceVersion, finalizers = [] } = resource.metadata;
  const others = finalizers.filter((name) => !kind.finalizers.includes(name));
  try {
    await client.patch(kind, keyOf(resource), { metadata: { resourceVersion, finalizers: others } });
    return true;
  } catch (error) {
    if (hasReason(error, "NotFound")) return true;
    if (hasReason(error, "Conflict")) return false;
    throw error;
  }
}
