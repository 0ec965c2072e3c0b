import { StatusError } from "../../runtime/errors.ts";
import { apiVersionOf } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import type { ResourceList } from "../../store/store.ts";
import type { ApiContext, ApiRequest } from "./context.ts";
import type { JsonObject } from "./json.ts";
import { chooseRepresentation } from "./negotiation.ts";
import { type IncludeObject, metadataOf, rowOf, type TableOptions, tableHead, tableOf } from "./table.ts";

/** One object as the client wants it shown. */
export function presentObject(context: ApiContext, request: ApiRequest, resource: Resource): string {
  const { view, version } = chooseRepresentation(request.headers.accept);
  switch (view) {
    case "object":
      return context.store.encoded(resource);
    case "metadata":
      return JSON.stringify(metadataOf(resource, version));
    case "table":
      return tableText(context, request, [resource], versionOf(resource));
  }
}

/**
 * A list as the client wants it shown, in pieces that are made one after another as they are read: a list can
 * be long. Each object's text is the one that the store keeps.
 */
export function presentList(
  context: ApiContext,
  request: ApiRequest,
  list: ResourceList<Resource>,
): Iterable<string> {
  const { kind } = request.info;
  const { items } = list;
  const metadata = {
    resourceVersion: list.resourceVersion,
    continue: list.continue,
    remainingItemCount: list.remaining,
  };
  const { view, version } = chooseRepresentation(request.headers.accept);
  switch (view) {
    case "object": {
      const head = { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata };
      return pieces(head, "items", items, (item) => context.store.encoded(item));
    }
    case "metadata": {
      const head = { kind: "PartialObjectMetadataList", apiVersion: `meta.k8s.io/${version}`, metadata };
      return pieces(head, "items", items, (item) => JSON.stringify(metadataOf(item, version)));
    }
    case "table": {
      const options = tableOptions(context, request);
      const row = (item: Resource): string => JSON.stringify(rowOf(kind, item, options));
      return pieces(tableHead(kind, metadata, options), "rows", items, row);
    }
  }
}

/** Shows the objects of a watch that wants no plain objects; undefined when it wants those. */
export function watchPresenter(
  context: ApiContext,
  request: ApiRequest,
): ((resource: Resource) => string) | undefined {
  const { view, version } = chooseRepresentation(request.headers.accept);
  if (view === "object") return undefined;
  if (view === "metadata") return (resource) => JSON.stringify(metadataOf(resource, version));
  let headers = true;
  return (resource) => {
    const text = tableText(context, request, [resource], versionOf(resource), headers);
    headers = false;
    return text;
  };
}

/** The object of a BOOKMARK event: nothing but the revision. */
export function bookmarkObject(
  request: ApiRequest,
  resourceVersion: string,
  annotations: JsonObject = {},
): JsonObject {
  const { kind } = request.info;
  const metadata = { resourceVersion, ...(Object.keys(annotations).length > 0 && { annotations }) };
  const { view, version } = chooseRepresentation(request.headers.accept);
  const apiVersion = `meta.k8s.io/${version}`;
  switch (view) {
    case "object":
      return { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: { name: "", ...metadata } };
    case "metadata":
      return { kind: "PartialObjectMetadata", apiVersion, metadata };
    case "table":
      return { kind: "Table", apiVersion, metadata, columnDefinitions: null, rows: [] };
  }
}

function* pieces(
  head: JsonObject,
  field: "items" | "rows",
  items: readonly Resource[],
  show: (item: Resource) => string,
): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"${field}":[`;
  let separator = "";
  for (const item of items) {
    yield separator + show(item);
    separator = ",";
  }
  yield "]}";
}

function tableText(
  context: ApiContext,
  request: ApiRequest,
  items: readonly Resource[],
  metadata: JsonObject,
  headers = true,
): string {
  return JSON.stringify(tableOf(request.info.kind, items, metadata, tableOptions(context, request, headers)));
}

function tableOptions({ clock }: ApiContext, request: ApiRequest, headers = true): TableOptions {
  const { version } = chooseRepresentation(request.headers.accept);
  return { now: clock.now(), include: includeOf(request.query), headers, version };
}

function versionOf(resource: Resource): JsonObject {
  return { resourceVersion: resource.metadata.resourceVersion };
}

function includeOf(query: URLSearchParams): IncludeObject {
  const include = query.get("includeObject");
  switch (include) {
    case null:
    case "":
    case "Metadata":
      return "Metadata";
    case "None":
    case "Object":
      return include;
    default:
      throw new StatusError("BadRequest", "includeObject must be None, Metadata or Object");
  }
}
