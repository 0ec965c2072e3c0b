import { StatusError } from "../../runtime/errors.ts";
import type { Resource } from "../../schema/meta.ts";
import { isRecord } from "../../schema/plain.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { handleApply } from "./apply/handle-apply.ts";
import { assertName, readJson, toResource } from "./body.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { parseJson } from "./json.ts";
import { isMachineAction, type MachineAction, requestAction } from "./machine-actions.ts";
import { isApply, patcherOf } from "./patchers.ts";
import { presentObject } from "./present.ts";
import { readObject } from "./read.ts";
import { notFound, nothingHere } from "./request-info.ts";
import { overtakenBy, retryOnConflict } from "./retry.ts";
import { type TrackedWrite, trackerOf } from "./tracked-write.ts";
import { namingFinalizers, writeOptions } from "./write-options.ts";

/** POST to a collection. */
export async function handleCreate(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const tracked = trackerOf(context, request);
  const { resource, warnings } = toResource(request, readJson(request));
  const write = tracked(resource);
  const created = await context.store.create(request.info.kind, write.resource, write.options);
  return { code: 201, text: presentObject(context, request, created), warnings };
}

/** PUT of an object, of its status, or of one of a machine's actions. */
export async function handleUpdate(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { name = "", subresource } = request.info;
  if (isMachineAction(subresource)) return handleAction(context, request, subresource);
  const tracked = trackerOf(context, request);
  const { resource, warnings } = toResource(request, readJson(request));
  assertName(resource, name);
  const updated = await write(context, request, tracked(resource));
  return { code: 200, text: presentObject(context, request, updated), warnings };
}

/** PATCH of an object or of its status: read, patch, compare-and-swap; again when somebody was faster. */
export async function handlePatch(context: ApiContext, request: ApiRequest): Promise<Answer> {
  if (isApply(request)) return handleApply(context, request);
  const patcher = patcherOf(request);
  const tracked = trackerOf(context, request);
  const patch = parseJson(request.body);
  return retryOnConflict(async (lastAttempt) => {
    const current = await readObject(context, request.info);
    const { resource, warnings } = toResource(request, patcher(current, patch));
    assertName(resource, current.metadata.name);
    const conditional = resource.metadata.resourceVersion !== current.metadata.resourceVersion;
    const patched = await write(context, request, tracked(namingFinalizers(resource))).catch((error) => {
      throw overtakenBy(error, conditional || lastAttempt);
    });
    return { code: 200, text: presentObject(context, request, patched), warnings };
  });
}

async function handleAction(
  context: ApiContext,
  request: ApiRequest,
  action: MachineAction,
): Promise<Answer> {
  const { namespace, name = "" } = request.info;
  const gracePeriodSeconds = graceOf(request, action);
  return retryOnConflict(async (lastAttempt) => {
    const machine = await context.store.get(VirtualMachineKind, { namespace, name });
    if (machine === undefined) throw notFound(VirtualMachineKind, name);
    const asker = { userName: request.user.name, now: context.clock.now(), gracePeriodSeconds };
    const asked = requestAction(machine, action, asker);
    const written = await updateMachine(context, request, machine, asked).catch((error) => {
      throw overtakenBy(error, lastAttempt);
    });
    return { code: 200, text: presentObject(context, request, written) };
  });
}

/** `{"gracePeriodSeconds": 0}` with a stop or restart pulls the plug. */
function graceOf(request: ApiRequest, action: MachineAction): number | undefined {
  if (request.body === "") return undefined;
  const body = readJson(request);
  const seconds = isRecord(body) ? body.gracePeriodSeconds : undefined;
  if (seconds === undefined) return undefined;
  const isPeriod =
    typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400;
  if (isPeriod && (action === "stop" || action === "restart")) return seconds;
  const message = "gracePeriodSeconds is a whole number of seconds up to a day, of stop and restart alone";
  throw new StatusError("BadRequest", message);
}

async function updateMachine(
  { store }: ApiContext,
  request: ApiRequest,
  before: VirtualMachine,
  after: VirtualMachine,
): Promise<VirtualMachine> {
  return after === before ? before : store.updateStatus(VirtualMachineKind, after, writeOptions(request));
}

function write(
  { store }: ApiContext,
  { info: { kind, subresource } }: ApiRequest,
  { resource, options }: TrackedWrite,
): Promise<Resource> {
  switch (subresource) {
    case undefined:
      return store.update(kind, resource, options);
    case "status":
      return store.updateStatus(kind, resource, options);
    default:
      throw nothingHere();
  }
}
