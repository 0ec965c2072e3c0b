import { hasReason, StatusError } from "../runtime/errors.ts";
import { findCondition } from "../schema/conditions.ts";
import { duplicateReason } from "../schema/host.ts";
import type { Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import { parseAddress } from "../seed-files/address.ts";
import type { LoadStep } from "../seed-files/load-plan.ts";
import type { Session } from "./session.ts";
import { statusOf } from "./status-of.ts";
import { labelOf } from "./target.ts";
import { waitFor } from "./wait-for.ts";

export interface ReadyFlags {
  /** The private key that the server logs in with, where that is not one of the user's. */
  readonly key?: string | undefined;
}

/** Why something is not ready: the reason and message of its condition. */
interface Late {
  readonly reason: string;
  readonly message: string;
}

/** Reasons that do not go away unless a person does something. */
const forPeople: ReadonlySet<string> = new Set([
  "AuthenticationFailed",
  duplicateReason,
  "HostKeyUnknown",
  "HostKeyChanged",
  "HostKeyRevoked",
  "InvalidSettings",
]);

/** How long what a person has just done may take to show. */
const patienceMs = 15_000;

/**
 * Waits until all that was loaded is ready, and says of each that is not why, and of a host what to do
 * about it. Throws `Timeout` at the end if there was one. What only a person can mend is not waited for long;
 * that a host is named twice is told, and is no failure.
 */
export async function waitUntilReady(
  session: Session,
  steps: readonly LoadStep[],
  timeoutMs: number,
  flags: ReadyFlags,
): Promise<void> {
  const late = await Promise.all(
    steps.map(({ kind, resource }) => waitForOne(session, kind, resource, timeoutMs)),
  );
  for (const [index, why] of late.entries()) {
    const step = steps[index];
    if (why === undefined || step === undefined) continue;
    const { kind, resource } = step;
    const verdict = why.reason === duplicateReason ? "is not used" : "is not ready";
    session.stderr.write(`${labelOf(kind, resource.metadata.name)} ${verdict}: ${why.message}\n`);
    for (const line of advice(resource, why.reason, flags)) session.stderr.write(`    ${line}\n`);
  }
  const count = late.filter((why) => why !== undefined && why.reason !== duplicateReason).length;
  if (count > 0) throw new StatusError("Timeout", `${count} of ${steps.length} are not ready`);
}

/** Undefined when it is ready. */
async function waitForOne(
  session: Session,
  kind: Kind,
  resource: Resource,
  timeoutMs: number,
): Promise<Late | undefined> {
  const soon = await whyNotReady(session, kind, resource, Math.min(timeoutMs, patienceMs));
  if (soon === undefined || forPeople.has(soon.reason) || timeoutMs <= patienceMs) return soon;
  return whyNotReady(session, kind, resource, timeoutMs - patienceMs);
}

async function whyNotReady(
  { client, clock, signal }: Session,
  kind: Kind,
  { metadata }: Resource,
  timeoutMs: number,
): Promise<Late | undefined> {
  let why: Late = { reason: "", message: "nothing has been found out about it yet" };
  const met = (resource: Resource | undefined): boolean => {
    const { conditions } = statusOf(resource);
    const ready = findCondition(conditions, "Ready");
    if (ready !== undefined) why = { reason: ready.reason, message: ready.message || ready.reason };
    return ready?.status === "True";
  };
  const { name } = metadata;
  try {
    await waitFor({ client, clock, signal, kind, key: { name }, timeoutMs, goal: "Ready", met });
    return undefined;
  } catch (error) {
    if (hasReason(error, "Timeout")) return why;
    throw error;
  }
}

/** What to type, where that mends it. */
export function advice(
  resource: Resource & { readonly spec?: unknown },
  reason: string,
  { key }: ReadyFlags,
): readonly string[] {
  const uri = Object(resource.spec).uri;
  const url = typeof uri === "string" && URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined || !/^[a-z]+\+ssh:$/.test(url.protocol)) return [];
  const address = parseAddress(`${url.username}${url.username === "" ? "" : "@"}${url.host}`);
  if (typeof address === "string") return [];
  const { user, host, port } = address;
  const at = port === undefined ? "" : ` -p ${port}`;
  switch (reason) {
    case "AuthenticationFailed": {
      const identity = url.searchParams.get("keyfile") ?? key;
      const option = identity === undefined ? "" : ` -i ${identity}.pub`;
      return [
        `let this controller in: ssh-copy-id${option}${at} ${user === undefined ? host : `${user}@${host}`}`,
      ];
    }
    case "HostKeyUnknown": {
      const file = url.searchParams.get("known_hosts");
      if (file === null) return [`if that is its key: ostler host enroll ${resource.metadata.name}`];
      return [`if that is its key: ssh-keyscan${at} ${host} >>${file}`];
    }
    default:
      return [];
  }
}
