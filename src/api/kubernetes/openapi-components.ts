import { apiVersionOf, type Kind } from "../../schema/kind.ts";
import { ObjectMetaSchema } from "../../schema/meta.ts";
import { isRecord } from "../../schema/plain.ts";
import { fieldOf, type JsonObject } from "./json.ts";
import { toOpenApiSchema } from "./openapi-schema.ts";
import { subresourcesOf } from "./subresources.ts";

/** The name of a schema that Kubernetes has for all kinds. */
export function sharedName(kind: "ObjectMeta" | "ListMeta" | "DeleteOptions" | "Status" | "Patch"): string {
  return `io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`;
}

/** `dev.ostler.v1.VirtualMachine`: the group in reverse, as Kubernetes names definitions. */
export function componentName(kind: Kind): string {
  return [...kind.group.split(".").reverse(), apiVersionOf(kind).split("/").at(-1), kind.kind]
    .filter((part) => part !== "")
    .join(".");
}

export function refTo(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

export function kindRef(kind: Kind): JsonObject {
  return { group: kind.group, version: kind.version, kind: kind.kind };
}

/** The schemas of a kind: of its objects, of their parts that look otherwise, and of its lists. */
export function componentsOf(kind: Kind): JsonObject {
  const parts = subresourcesOf(kind).flatMap(({ kind: own }) => (own === undefined ? [] : [own]));
  return {
    ...Object.fromEntries([kind, ...parts].map((one) => [componentName(one), objectOf(one)])),
    ...(kind.askOnly ? {} : { [`${componentName(kind)}List`]: listOf(kind) }),
  };
}

function objectOf(kind: Kind): JsonObject {
  const { required = [], ...converted } = toOpenApiSchema(kind.schema, kind.kind);
  const asked = Array.isArray(required) ? required.filter((name) => !Object.hasOwn(shared, name)) : [];
  return {
    ...converted,
    ...(asked.length > 0 && { required: asked }),
    properties: { ...propertiesOf(converted), ...shared },
    "x-kubernetes-group-version-kind": [kindRef(kind)],
  };
}

function listOf(kind: Kind): JsonObject {
  return {
    type: "object",
    description: `A list of ${kind.plural}.`,
    required: ["items"],
    properties: {
      ...typeFields,
      metadata: metadata("ListMeta"),
      items: { type: "array", description: `The ${kind.plural}.`, items: refTo(componentName(kind)) },
    },
    "x-kubernetes-group-version-kind": [{ ...kindRef(kind), kind: `${kind.kind}List` }],
  };
}

function propertiesOf(schema: JsonObject): JsonObject {
  const properties = fieldOf(schema, "properties");
  return isRecord(properties) ? properties : {};
}

/** As Kubernetes has them: without an enum, so that generic clients can read any kind. */
const typeFields: JsonObject = {
  apiVersion: { type: "string", description: "Group and version of the kind." },
  kind: { type: "string", description: "What kind of object this is." },
};

function metadata(of: "ObjectMeta" | "ListMeta"): JsonObject {
  return { description: "Name, labels and what the server keeps of it.", allOf: [refTo(sharedName(of))] };
}

/** Every object has them, whatever its kind: nothing that a person must be told to write. */
const shared: JsonObject = { ...typeFields, metadata: metadata("ObjectMeta") };

/** The schemas that all kinds share. They are of no kind themselves: no two definitions may be of one. */
export function sharedComponents(): JsonObject {
  const text = { type: "string" };
  return {
    [sharedName("ObjectMeta")]: {
      ...toOpenApiSchema(ObjectMetaSchema, "metadata"),
      description: "What every object has: its name, labels, and what the server keeps of it.",
    },
    [sharedName("ListMeta")]: {
      type: "object",
      description: "What every list has.",
      properties: {
        resourceVersion: { ...text, description: "The revision at which the list is true." },
        continue: { ...text, description: "Asks for the next page." },
        remainingItemCount: { type: "integer", description: "How many objects come after this page." },
      },
    },
    [sharedName("DeleteOptions")]: {
      type: "object",
      description: "How to delete.",
      properties: {
        ...typeFields,
        gracePeriodSeconds: { type: "integer", description: "How long a guest may take, in seconds." },
        propagationPolicy: { ...text, description: "What becomes of what depends on the object." },
        dryRun: { type: "array", items: text, description: "All: answer, and delete nothing." },
        preconditions: {
          type: "object",
          description: "Delete only this one.",
          properties: {
            uid: { ...text, description: "The uid that it must have." },
            resourceVersion: { ...text, description: "The revision that it must have." },
          },
        },
      },
    },
    [sharedName("Status")]: {
      type: "object",
      description: "The answer where there is no object to answer with.",
      properties: {
        ...typeFields,
        metadata: metadata("ListMeta"),
        status: { ...text, description: "Success or Failure." },
        reason: { ...text, description: "Why, in one word." },
        message: { ...text, description: "Why, for people." },
        code: { type: "integer", description: "The HTTP status." },
        details: { type: "object", description: "What it is about, and one cause for each field." },
      },
    },
    [sharedName("Patch")]: { type: "object", description: "A patch, of the kind that its type says." },
  };
}
