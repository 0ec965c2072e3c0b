import { hasReason, StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { WriteOptions } from "../../store/store.ts";
import { assertName, readJson, toResource, unsupportedMedia } from "./body.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { parseJson } from "./json.ts";
import { isMachineAction, type MachineAction, requestAction } from "./machine-actions.ts";
import { parseMediaType } from "./negotiation.ts";
import { jsonPatch, mergePatch, strategicMergePatch } from "./patch.ts";
import { presentObject } from "./present.ts";
import { readObject } from "./read.ts";
import { notFound, nothingHere } from "./request-info.ts";

/** A write that meets another one starts over this often before the client has to. */
const maxAttempts = 5;

/** POST to a collection. */
export async function handleCreate(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { resource, warnings } = toResource(request, readJson(request));
  const created = await context.store.create(request.info.kind, resource, writeOptions(request));
  return { code: 201, text: presentObject(context, request, created), warnings };
}

/** PUT of an object, of its status, or of one of a machine's actions. */
export async function handleUpdate(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { name = "", subresource } = request.info;
  if (isMachineAction(subresource)) return handleAction(context, request, subresource);
  const { resource, warnings } = toResource(request, readJson(request));
  assertName(resource, name);
  const updated = await write(context, request, resource);
  return { code: 200, text: presentObject(context, request, updated), warnings };
}

/** PATCH of an object or of its status: read, patch, compare-and-swap; again when somebody was faster. */
export async function handlePatch(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const apply = patcherOf(request);
  const patch = parseJson(request.body);
  return retryOnConflict(async (lastAttempt) => {
    const current = await readObject(context, request.info);
    const { resource, warnings } = toResource(request, apply(current, patch));
    assertName(resource, current.metadata.name);
    const conditional = resource.metadata.resourceVersion !== current.metadata.resourceVersion;
    const patched = await write(context, request, namingFinalizers(resource)).catch((error: unknown) => {
      throw conditional || lastAttempt || !hasReason(error, "Conflict") ? error : new Overtaken(error);
    });
    return { code: 200, text: presentObject(context, request, patched), warnings };
  });
}

/** A patch says what it changes: finalizers that are not there after it have been removed by it. */
function namingFinalizers(resource: Resource): Resource {
  const { finalizers = [] } = resource.metadata;
  return { ...resource, metadata: { ...resource.metadata, finalizers } };
}

/** What every write is told by its query: whether it is only to be tried. */
export function writeOptions({ query }: Pick<ApiRequest, "query">): WriteOptions {
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  if (dryRun.every((value) => value === "All")) return { dryRun: dryRun.length > 0 };
  throw new StatusError("BadRequest", "dryRun must be All");
}

async function handleAction(
  context: ApiContext,
  request: ApiRequest,
  action: MachineAction,
): Promise<Answer> {
  const { namespace, name = "" } = request.info;
  if (request.body !== "") readJson(request);
  return retryOnConflict(async (lastAttempt) => {
    const machine = await context.store.get(VirtualMachineKind, { namespace, name });
    if (machine === undefined) throw notFound(VirtualMachineKind, name);
    const asker = { userName: request.user.name, now: context.clock.now() };
    const asked = requestAction(machine, action, asker);
    const written = await updateMachine(context, request, machine, asked).catch((error: unknown) => {
      throw lastAttempt || !hasReason(error, "Conflict") ? error : new Overtaken(error);
    });
    return { code: 200, text: presentObject(context, request, written) };
  });
}

async function updateMachine(
  { store }: ApiContext,
  request: ApiRequest,
  before: VirtualMachine,
  after: VirtualMachine,
): Promise<VirtualMachine> {
  return after === before ? before : store.updateStatus(VirtualMachineKind, after, writeOptions(request));
}

function write({ store }: ApiContext, request: ApiRequest, resource: Resource): Promise<Resource> {
  const { kind, subresource } = request.info;
  switch (subresource) {
    case undefined:
      return store.update(kind, resource, writeOptions(request));
    case "status":
      return store.updateStatus(kind, resource, writeOptions(request));
    default:
      throw nothingHere();
  }
}

type Patcher = (target: unknown, patch: unknown) => unknown;

const patchers: ReadonlyMap<string, Patcher> = new Map([
  ["application/json-patch+json", jsonPatch],
  ["application/merge-patch+json", mergePatch],
]);

/** kubectl sends strategic merge patches for the kinds that are compiled into it, and only for those. */
export function patcherOf({ info, headers }: ApiRequest): Patcher {
  const type = parseMediaType(headers["content-type"] ?? "").type;
  if (type === "application/apply-patch+yaml") {
    throw new StatusError(
      "UnsupportedMediaType",
      "server-side apply is not supported; apply without --server-side",
    );
  }
  const strategic = type === "application/strategic-merge-patch+json" && isBuiltIn(info.kind);
  const patcher = strategic ? strategicMergePatch : patchers.get(type);
  if (patcher === undefined) throw unsupportedMedia([...patchers.keys()]);
  return patcher;
}

function isBuiltIn({ group }: Kind): boolean {
  return group === "" || group.endsWith(".k8s.io");
}

/** Somebody else wrote between our read and our write. */
export class Overtaken extends Error {
  constructor(cause: unknown) {
    super("overtaken by another write", { cause });
  }
}

/** Tries again while somebody else writes first, a few times. */
export async function retryOnConflict<T>(attempt: (last: boolean) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(tries === maxAttempts);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
}
