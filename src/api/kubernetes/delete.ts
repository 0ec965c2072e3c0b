import { hasReason } from "../../runtime/errors.ts";
import { keyOf, type Resource } from "../../schema/meta.ts";
import type { DeleteOptions } from "../../store/store.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { readDeleteRequest } from "./delete-options.ts";
import { deletionWarnings } from "./deletion-warnings.ts";
import { presentList, presentObject } from "./present.ts";
import { readList, readObject } from "./read.ts";
import { successStatus } from "./status.ts";

/** DELETE of one object: a Status when it is gone, the object itself while finalizers hold it. */
export async function handleDelete(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { info } = request;
  const options = readDeleteRequest(request);
  const found = await readObject(context, info);
  const warnings = await deletionWarnings(context.store, info.kind, found);
  const left = await context.store.delete(info.kind, keyOf(found), options);
  if (left !== undefined) return { code: 200, text: presentObject(context, request, left), warnings };
  const { name, uid } = found.metadata;
  const { group, plural, kind } = info.kind;
  const text = JSON.stringify(successStatus({ name, group, resource: plural, kind }, uid));
  return { code: 200, text, warnings };
}

/** DELETE of a collection: each object by itself; answers with those that were there. */
export async function handleDeleteCollection(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const { preconditions: _, ...options } = readDeleteRequest(request);
  const list = await readList(context, request);
  for (const item of list.items) await deleteItem(context, request, item, options);
  return { code: 200, text: presentList(context, request, list) };
}

async function deleteItem(
  context: ApiContext,
  { info }: ApiRequest,
  item: Resource,
  options: DeleteOptions,
): Promise<void> {
  const preconditions = { uid: item.metadata.uid };
  try {
    await context.store.delete(info.kind, keyOf(item), { ...options, preconditions });
  } catch (error) {
    if (!hasReason(error, "NotFound") && !hasReason(error, "Conflict")) throw error;
  }
}
