import { StatusError } from "../../runtime/errors.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import type { ResourceList } from "../../store/store.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
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
  const selector = selectorOf(info.kind, query);
  const wanted = parseRevision(query);
  const exact = query.get("resourceVersionMatch") === "Exact" && wanted !== undefined;
  const list = await context.store.list(info.kind, {
    namespace: info.namespace,
    limit: limitOf(query),
    continue: query.get("continue") ?? undefined,
    resourceVersion: exact ? String(wanted) : undefined,
  });
  if (wanted !== undefined && wanted > BigInt(list.resourceVersion)) throw tooLarge(wanted, list);
  return selector === undefined ? list : { ...list, items: list.items.filter(selector.matches) };
}

/** The selector of a request for several objects; undefined when all are wanted. */
export function selectorOf(kind: Kind, query: URLSearchParams): Selector | undefined {
  return parseSelector(kind, query.get("labelSelector"), query.get("fieldSelector"));
}

/** A resourceVersion as a client may write it; undefined when it sets no condition. */
export function parseRevision(query: URLSearchParams): bigint | undefined {
  const text = query.get("resourceVersion") ?? "";
  if (text === "" || text === "0") return undefined;
  if (/^[0-9]{1,19}$/.test(text)) return BigInt(text);
  throw new StatusError("BadRequest", "resourceVersion must be one that this server gave out");
}

function limitOf(query: URLSearchParams): number | undefined {
  const text = query.get("limit") ?? "";
  if (text === "") return undefined;
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new StatusError("BadRequest", "limit must be a number of objects");
}

function tooLarge(wanted: bigint, { resourceVersion }: ResourceList<Resource>): StatusError {
  const message = `Too large resource version: ${wanted}, current: ${resourceVersion}`;
  return new StatusError("Timeout", message, {
    causes: [{ field: "", reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}
