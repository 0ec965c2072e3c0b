import { formatTime } from "../../runtime/clock.ts";
import { hasReason, StatusError } from "../../runtime/errors.ts";
import { invalid } from "../../schema/admission.ts";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import { type Fence, type FenceRequest, FenceRequestSchema } from "../../schema/fence.ts";
import { type Host, HostKind } from "../../schema/host.ts";
import { apiVersionOf, groupResource } from "../../schema/kind.ts";
import { copyPlain } from "../../schema/plain.ts";
import { conforms, explain, type Shape } from "../../schema/validator.ts";
import { readJson } from "./body.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import type { Asker } from "./machine-actions.ts";
import { notFound, type RequestInfo } from "./request-info.ts";
import { writeOptions } from "./write-options.ts";

/**
 * The path below a Host at which a person states that it is down (PUT), reads that (GET) and takes it back
 * (DELETE). It is kept in the status, with who said so: the spec is its author's, who may be a folder.
 */
export const fenceSubresource = "fence";

/** The controller writes what it sees of a host just now, too. */
const attemptsMax = 5;

const shape: Shape<FenceRequest> = { schema: FenceRequestSchema };

export function isHostFence({ kind, subresource }: RequestInfo): boolean {
  return kind.kind === HostKind.kind && subresource === fenceSubresource;
}

/** Answers what is asked and said about a host that is down. */
export async function handleHostFence(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { name = "", verb } = request.info;
  if (verb === "get") return presented(name, (await findHost(context, name)).status?.fence);
  const stated = verb === "update" ? requestOf(request) : undefined;
  for (let attempt = 1; ; attempt += 1) {
    const host = await findHost(context, name);
    const asker = { userName: request.user.name, now: context.clock.now() };
    const fenced = stated === undefined ? withdrawFence(host) : stateFence(host, stated, asker);
    try {
      await context.store.updateStatus(HostKind, fenced, writeOptions(request));
      return stated === undefined ? withdrawn() : presented(name, fenced.status?.fence);
    } catch (error) {
      if (!hasReason(error, "Conflict") || attempt === attemptsMax) throw error;
    }
  }
}

/** The Host with the statement in its status. Throws `Conflict` when the host is not away. */
export function stateFence(host: Host, stated: FenceRequest, { userName, now }: Asker): Host {
  const { conditions, hostUuid } = host.status ?? {};
  if (!isTrue(conditions, "Unreachable")) {
    const told = findCondition(conditions, "Unreachable")?.message ?? "nobody has asked it yet";
    throw refused(host, `it does not count as unreachable (${told}): a host that answers is not down`);
  }
  const fence: Fence = {
    proof: "HumanStatement",
    statedBy: userName,
    statedAt: formatTime(now),
    expiresAt: formatTime(now + stated.expiresInSeconds * 1000),
    reason: stated.reason,
    ...(hostUuid === undefined ? {} : { hostUuid }),
    machines: stated.machines,
    evenInMassOutage: stated.evenInMassOutage,
  };
  return { ...host, status: { ...host.status, fence } };
}

/** The Host without it. Throws `NotFound` when there is none. */
export function withdrawFence(host: Host): Host {
  const { fence, ...status } = host.status ?? {};
  if (fence === undefined) throw noFence(host.metadata.name);
  return { ...host, status };
}

async function findHost({ store }: ApiContext, name: string): Promise<Host> {
  const host = await store.get(HostKind, { name });
  if (host === undefined) throw notFound(HostKind, name);
  return host;
}

function requestOf(request: ApiRequest): FenceRequest {
  const body = copyPlain(readJson(request));
  if (conforms(shape, body)) return body;
  throw invalid(HostKind, { metadata: { name: request.info.name } }, explain(shape, body));
}

function presented(name: string, fence: Fence | undefined): Answer {
  if (fence === undefined) throw noFence(name);
  const head = { kind: "HostFence", apiVersion: apiVersionOf(HostKind), metadata: { name } };
  return { code: 200, text: JSON.stringify({ ...head, ...fence }) };
}

function withdrawn(): Answer {
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };
  return { code: 200, text: JSON.stringify(status) };
}

function noFence(name: string): StatusError {
  return new StatusError("NotFound", `nobody has confirmed that host "${name}" is down`);
}

function refused({ metadata }: Host, why: string): StatusError {
  const resource = `${groupResource(HostKind)} "${metadata.name}"`;
  return new StatusError("Conflict", `Operation cannot be fulfilled on ${resource}: ${why}`);
}
