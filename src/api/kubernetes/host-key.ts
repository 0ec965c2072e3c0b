import { withDeadline } from "../../runtime/deadline.ts";
import { StatusError } from "../../runtime/errors.ts";
import { HostKind } from "../../schema/host.ts";
import { apiVersionOf } from "../../schema/kind.ts";
import { isRecord } from "../../schema/plain.ts";
import type { HostKey, HostKeys, KeyedHost } from "../host-keys.ts";
import { readJson } from "./body.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { notFound, type RequestInfo } from "./request-info.ts";

/** The path below a Host at which its SSH key is looked at (GET), confirmed (PUT) and forgotten (DELETE). */
export const hostKeySubresource = "hostkey";

const lookMs = 15_000;
const fingerprintPattern = /^SHA256:[A-Za-z0-9+/]{43}$/;

export function isHostKey({ kind, subresource }: RequestInfo): boolean {
  return kind.kind === HostKind.kind && subresource === hostKeySubresource;
}

/** Answers what is asked about a host's SSH key. Nothing of it is in the store. */
export async function handleHostKey(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { hostKeys } = context;
  if (hostKeys === undefined) throw new StatusError("Unsupported", "this server keeps no keys of hosts");
  const host = await keyedHost(context, request.info);
  return request.info.verb === "delete"
    ? forget(hostKeys, host)
    : { code: 200, text: JSON.stringify(present(host, await lookOrTrust(context, hostKeys, host, request))) };
}

async function keyedHost({ store }: ApiContext, { name = "" }: RequestInfo): Promise<KeyedHost> {
  const host = await store.get(HostKind, { name });
  if (host === undefined) throw notFound(HostKind, name);
  return { name, uri: host.spec.uri };
}

function lookOrTrust(
  { clock }: ApiContext,
  hostKeys: HostKeys,
  host: KeyedHost,
  request: ApiRequest,
): Promise<HostKey> {
  const fingerprint = request.info.verb === "update" ? fingerprintOf(request) : undefined;
  const message = `host "${host.name}" did not show its key within ${lookMs / 1000} s`;
  const reason = () => new StatusError("Timeout", message);
  const { signal } = new AbortController();
  return withDeadline({ clock, lengthMs: lookMs, signal, reason }, (limit) =>
    fingerprint === undefined ? hostKeys.look(host, limit) : hostKeys.trust(host, fingerprint, limit),
  );
}

function fingerprintOf(request: ApiRequest): string {
  const body = readJson(request);
  const fingerprint = isRecord(body) ? body.fingerprint : undefined;
  if (typeof fingerprint === "string" && fingerprintPattern.test(fingerprint)) return fingerprint;
  throw new StatusError(
    "BadRequest",
    'the body must be {"fingerprint": "SHA256:..."}, as ssh-keygen -l shows it',
  );
}

async function forget(hostKeys: HostKeys, host: KeyedHost): Promise<Answer> {
  if (await hostKeys.forget(host)) {
    const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };
    return { code: 200, text: JSON.stringify(status) };
  }
  throw new StatusError("NotFound", `no key of host "${host.name}" has been confirmed`);
}

function present({ name }: KeyedHost, key: HostKey) {
  return { kind: "HostKey", apiVersion: apiVersionOf(HostKind), metadata: { name }, ...key };
}
