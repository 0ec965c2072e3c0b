import { hasReason, StatusError } from "../../runtime/errors.ts";
import { groupResource } from "../../schema/kind.ts";
import { keyOf, type Resource } from "../../schema/meta.ts";
import { isRecord } from "../../schema/plain.ts";
import type { Preconditions } from "../../store/store.ts";
import { readJson } from "./body.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { fieldOf } from "./json.ts";
import { presentList, presentObject } from "./present.ts";
import { readList, readObject } from "./read.ts";
import { successStatus } from "./status.ts";
import { writeOptions } from "./write-options.ts";

/** What a deletion is told, by its body or its query. */
interface DeleteRequest {
  readonly preconditions: Preconditions;
  readonly dryRun: boolean;
}

/** DELETE of one object: a Status when it is gone, the object itself while finalizers hold it. */
export async function handleDelete(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { info } = request;
  const options = readDeleteRequest(request);
  const found = await readObject(context, info);
  const left = await context.store.delete(info.kind, keyOf(found), options);
  if (left !== undefined) return { code: 200, text: presentObject(context, request, left) };
  const { name, uid } = found.metadata;
  const { group, plural, kind } = info.kind;
  return { code: 200, text: JSON.stringify(successStatus({ name, group, resource: plural, kind }, uid)) };
}

/** DELETE of a collection: each object by itself; answers with those that were there. */
export async function handleDeleteCollection(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { dryRun } = readDeleteRequest(request);
  const list = await readList(context, request);
  for (const item of list.items) await deleteItem(context, request, item, dryRun);
  return { code: 200, text: presentList(context, request, list) };
}

async function deleteItem(
  context: ApiContext,
  { info }: ApiRequest,
  item: Resource,
  dryRun: boolean,
): Promise<void> {
  const preconditions = { uid: item.metadata.uid };
  try {
    await context.store.delete(info.kind, keyOf(item), { preconditions, dryRun });
  } catch (error) {
    if (!hasReason(error, "NotFound") && !hasReason(error, "Conflict")) throw error;
  }
}

function readDeleteRequest(request: ApiRequest): DeleteRequest {
  const body = request.body === "" ? {} : readJson(request);
  if (!isRecord(body)) throw new StatusError("BadRequest", "DeleteOptions must be a JSON object");
  assertPropagation(
    request,
    body.propagationPolicy ?? request.query.get("propagationPolicy") ?? "Background",
  );
  const { dryRun } = writeOptions(request);
  const asked = body.dryRun ?? [];
  if (!Array.isArray(asked) || asked.some((value) => value !== "All")) {
    throw new StatusError("BadRequest", "dryRun must be All");
  }
  return {
    preconditions: readPreconditions(body.preconditions),
    dryRun: dryRun === true || asked.length > 0,
  };
}

function readPreconditions(value: unknown): Preconditions {
  return {
    uid: optionalText(value, "uid"),
    resourceVersion: optionalText(value, "resourceVersion"),
  };
}

function optionalText(value: unknown, name: string): string | undefined {
  const text = fieldOf(value, name);
  if (text === undefined || typeof text === "string") return text;
  throw new StatusError("BadRequest", `preconditions.${name} must be a string`);
}

/** What depends on the object is removed in the background, always; anything else is refused, not ignored. */
function assertPropagation({ info }: ApiRequest, policy: unknown): void {
  if (policy === "Background") return;
  throw new StatusError(
    "Invalid",
    `${groupResource(info.kind)} can be deleted with propagationPolicy Background only`,
    {
      causes: [
        {
          field: "propagationPolicy",
          message: "supported values: Background",
          reason: "FieldValueNotSupported",
        },
      ],
    },
  );
}
