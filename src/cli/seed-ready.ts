import { hasReason, StatusError } from "../runtime/errors.ts";
import { findCondition } from "../schema/conditions.ts";
import { HostKind } from "../schema/host.ts";
import type { Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import { parseAddress } from "../seed-files/address.ts";
import type { LoadStep } from "../seed-files/load-plan.ts";
import type { Session } from "./session.ts";
import { labelOf } from "./target.ts";
import { statusOf } from "./wait.ts";
import { waitFor } from "./wait-for.ts";

export interface ReadyFlags {
  readonly key?: string;
  readonly knownHosts?: string;
}

/**
 * Waits until all that was loaded is ready, and says of each that is not why, and of a host what to do
 * about it. Throws `Timeout` at the end if there was one.
 */
export async function waitUntilReady(
  session: Session,
  steps: readonly LoadStep[],
  timeoutMs: number,
  flags: ReadyFlags,
): Promise<void> {
  const late = await Promise.all(
    steps.map(({ kind, resource }) => whyNotReady(session, kind, resource, timeoutMs)),
  );
  const reasons = late.flatMap((why, index) => (why === undefined ? [] : [{ why, step: steps[index] }]));
  for (const { why, step } of reasons) {
    if (step === undefined) continue;
    const { kind, resource } = step;
    session.stderr.write(`${labelOf(kind, resource.metadata.name)} is not ready: ${why}\n`);
    for (const line of advice(kind, resource, why, flags)) session.stderr.write(`    ${line}\n`);
  }
  if (reasons.length > 0) {
    throw new StatusError(
      "Timeout",
      `${reasons.length} of ${steps.length} are not ready after ${timeoutMs / 1000} s`,
    );
  }
}

/** Undefined when it is ready. */
async function whyNotReady(
  { client, clock, signal }: Session,
  kind: Kind,
  { metadata }: Resource,
  timeoutMs: number,
): Promise<string | undefined> {
  let why = "nothing has been found out about it yet";
  const met = (resource: Resource | undefined): boolean => {
    const { conditions } = statusOf(resource);
    const ready = findCondition(conditions, "Ready");
    why = ready?.message || why;
    return ready?.status === "True";
  };
  try {
    await waitFor({
      client,
      clock,
      signal,
      kind,
      key: { name: metadata.name },
      timeoutMs,
      goal: "Ready",
      met,
    });
    return undefined;
  } catch (error) {
    if (hasReason(error, "Timeout")) return why;
    throw error;
  }
}

/** What lets this controller in, where that is what is missing. */
export function advice(
  kind: Kind,
  resource: Resource & { readonly spec?: unknown },
  why: string,
  { key, knownHosts }: ReadyFlags,
): readonly string[] {
  if (kind.kind !== HostKind.kind) return [];
  const uri = Object(resource.spec).uri;
  const url = typeof uri === "string" && URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined || !/^[a-z]+\+ssh:$/.test(url.protocol)) return [];
  const address = parseAddress(`${url.username}${url.username === "" ? "" : "@"}${url.host}`);
  if (typeof address === "string") return [];
  const { user, host, port } = address;
  const to = user === undefined ? host : `${user}@${host}`;
  if (/host key refused/.test(why)) {
    const file = knownHosts === undefined ? "~/.ssh/known_hosts" : knownHosts;
    const scan = `ssh-keyscan${port === undefined ? "" : ` -p ${port}`} ${host}`;
    return [`if that is its fingerprint, trust it: ${scan} >>${file}`];
  }
  if (/login refused|nothing to log in with/.test(why)) {
    const identity = key === undefined ? "" : ` -i ${key}.pub`;
    return [`let this controller in: ssh-copy-id${identity}${port === undefined ? "" : ` -p ${port}`} ${to}`];
  }
  return [];
}
