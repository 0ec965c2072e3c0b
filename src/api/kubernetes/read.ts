import { hasReason, StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import type { ResourceList } from "../../store/store.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { parseListWish } from "./list-options.ts";
import { presentList, presentObject } from "./present.ts";
import { notFound, type RequestInfo } from "./request-info.ts";
import { parseSelector, type Selector } from "./selectors.ts";

/** GET of one object, or of its status, which is the whole object too. */
export async function handleGet(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const resource = await readObject(context, request.info);
  return { code: 200, text: presentObject(context, request, resource) };
}

/** GET of a collection, in pages if the client wants them. */
export async function handleList(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const list = await readList(context, request);
  return { code: 200, text: presentList(context, request, list), objects: list.items.length };
}

/** The object that the path names. Throws `NotFound`. */
export async function readObject(context: ApiContext, info: RequestInfo): Promise<Resource> {
  const { kind, namespace, name = "" } = info;
  const resource = await context.store.get(kind, { namespace, name });
  if (resource === undefined) throw notFound(kind, name);
  return resource;
}

/** The objects that path, selectors, page and resourceVersion ask for. */
export async function readList(
  context: ApiContext,
  { info, query }: Pick<ApiRequest, "info" | "query">,
): Promise<ResourceList<Resource>> {
  const matches = selectorOf(info.kind, query)?.matches;
  const { exactly, notOlderThan, ...page } = parseListWish(query);
  const { namespace } = info;
  const options = { ...page, namespace, matches, resourceVersion: exactly };
  const list = await context.store.list(info.kind, options).catch(async (error: unknown) => {
    if (exactly === undefined || !hasReason(error, "Expired")) throw error;
    const now = await context.store.list(info.kind, { namespace, limit: 1 });
    throw BigInt(exactly) > BigInt(now.resourceVersion) ? tooLarge(exactly, now) : error;
  });
  if (notOlderThan !== undefined && notOlderThan > BigInt(list.resourceVersion)) {
    throw tooLarge(String(notOlderThan), list);
  }
  return list;
}

/** The selector of a request for several objects; undefined when all are wanted. */
export function selectorOf(kind: Kind, query: URLSearchParams): Selector | undefined {
  return parseSelector(kind, query.get("labelSelector"), query.get("fieldSelector"));
}

function tooLarge(wanted: string, { resourceVersion }: ResourceList<Resource>): StatusError {
  const message = `Too large resource version: ${wanted}, current: ${resourceVersion}`;
  return new StatusError("Timeout", message, {
    causes: [{ field: "", reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}
