import { createHash } from "node:crypto";
import { apiVersionOf, type Kind } from "../../schema/kind.ts";
import { isRecord } from "../../schema/plain.ts";
import type { JsonObject } from "./json.ts";
import { toOpenApiSchema } from "./openapi-schema.ts";
import { pathOf } from "./request-info.ts";
import { subresourcesOf } from "./subresources.ts";

/** One OpenAPI document as it is sent, with the hash that its address carries. */
export interface OpenApiDocument {
  readonly text: string;
  readonly hash: string;
}

/** The OpenAPI v3 documents by group version, such as `apis/ostler.dev/v1`. */
export function openApiDocuments(kinds: readonly Kind[]): ReadonlyMap<string, OpenApiDocument> {
  const documents = new Map<string, OpenApiDocument>();
  for (const groupVersion of new Set(kinds.map(rootOf))) {
    const text = JSON.stringify(documentOf(kinds.filter((kind) => rootOf(kind) === groupVersion)));
    documents.set(groupVersion, {
      text,
      hash: createHash("sha512").update(text).digest("hex").toUpperCase(),
    });
  }
  return documents;
}

/** `/openapi/v3`: where the documents are. */
export function openApiIndex(documents: ReadonlyMap<string, OpenApiDocument>): JsonObject {
  const paths = [...documents].map(([groupVersion, { hash }]) => [
    groupVersion,
    { serverRelativeURL: `/openapi/v3/${groupVersion}?hash=${hash}` },
  ]);
  return { paths: Object.fromEntries(paths) };
}

function rootOf(kind: Kind): string {
  return pathOf(kind).slice(1, -kind.plural.length - 1);
}

function documentOf(kinds: readonly Kind[]): JsonObject {
  return {
    openapi: "3.0.0",
    info: { title: "Ostler", version: "v1" },
    paths: Object.assign({}, ...kinds.map(pathsOf)),
    components: { schemas: Object.assign({}, ...kinds.map(componentsOf)) },
  };
}

function componentsOf(kind: Kind): JsonObject {
  const item = { $ref: `#/components/schemas/${componentName(kind)}` };
  const list = {
    type: "object",
    description: `A list of ${kind.plural}.`,
    required: ["items"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      items: { type: "array", items: item },
    },
    "x-kubernetes-group-version-kind": [{ ...kindRef(kind), kind: `${kind.kind}List` }],
  };
  const parts = subresourcesOf(kind).flatMap(({ kind: own }) => (own === undefined ? [] : [own]));
  return {
    ...Object.fromEntries([kind, ...parts].map((one) => [componentName(one), objectComponent(one)])),
    [`${componentName(kind)}List`]: list,
  };
}

function objectComponent(kind: Kind): JsonObject {
  const converted = toOpenApiSchema(kind.schema);
  return {
    ...converted,
    properties: { ...(isRecord(converted.properties) ? converted.properties : {}), ...typeFields },
    "x-kubernetes-group-version-kind": [kindRef(kind)],
  };
}

/** As Kubernetes has them: without an enum, so that generic clients can read any kind. */
const typeFields: JsonObject = {
  apiVersion: { type: "string", description: "Group and version of the kind." },
  kind: { type: "string", description: "What kind of object this is." },
};

function pathsOf(kind: Kind): JsonObject {
  const collection = pathOf(kind, kind.namespaced ? "{namespace}" : undefined);
  const readable = decodeURIComponent(collection);
  const object = `${readable}/{name}`;
  const subresources = subresourcesOf(kind).map(({ name, verbs, kind: own = kind }) => [
    `${object}/${name}`,
    Object.fromEntries(verbs.map((verb) => [methods[verb], operation(own, verb)])),
  ]);
  return {
    [readable]: {
      get: operation(kind, "list"),
      post: operation(kind, "create"),
      delete: operation(kind, "deletecollection"),
    },
    [object]: {
      get: operation(kind, "get"),
      put: operation(kind, "update"),
      patch: operation(kind, "patch"),
      delete: operation(kind, "delete"),
    },
    ...Object.fromEntries(subresources),
  };
}

const methods = { get: "get", update: "put", patch: "patch", delete: "delete" } as const;

function operation(kind: Kind, action: string): JsonObject {
  const writes = ["create", "update", "patch"].includes(action);
  const schema = {
    $ref: `#/components/schemas/${componentName(kind)}${action === "list" ? "List" : ""}`,
  };
  return {
    "x-kubernetes-action": action === "update" ? "put" : action === "create" ? "post" : action,
    "x-kubernetes-group-version-kind": kindRef(kind),
    parameters: (writes ? writeParameters : []).map((name) => ({
      name,
      in: "query",
      schema: { type: "string", uniqueItems: true },
    })),
    responses: { 200: { description: "OK", content: { "application/json": { schema } } } },
  };
}

const writeParameters = ["dryRun", "fieldManager", "fieldValidation"];

function kindRef(kind: Kind): JsonObject {
  return { group: kind.group, version: kind.version, kind: kind.kind };
}

/** `dev.ostler.v1.VirtualMachine`: the group in reverse, as Kubernetes names definitions. */
function componentName(kind: Kind): string {
  return [...kind.group.split(".").reverse(), apiVersionOf(kind).split("/").at(-1), kind.kind]
    .filter((part) => part !== "")
    .join(".");
}
