import { StatusError } from "../../runtime/errors.ts";
import { apiVersionOf, groupResource, type Kind } from "../../schema/kind.ts";
import { ObjectMetaSchema, type Resource } from "../../schema/meta.ts";
import { isRecord } from "../../schema/plain.ts";
import type { ApiRequest } from "./context.ts";
import { assertHarmless, fieldOf, type JsonObject, parseJson } from "./json.ts";
import { parseMediaType } from "./negotiation.ts";
import { protobufMediaType } from "./protobuf/decode.ts";
import { readShortYaml } from "./short-yaml.ts";
import { pruneUnknownFields, type UnknownField } from "./unknown-fields.ts";

const maxUnknownShown = 32;

/** An object from a client, with what is to be told about it. */
export interface ReadBody {
  readonly resource: Resource;
  readonly warnings: readonly string[];
}

/**
 * What a body says: JSON, which no content type at all means too, YAML, or protobuf, of which the server has
 * made JSON already. Throws `UnsupportedMediaType`.
 */
export function readJson(request: ApiRequest): unknown {
  switch (parseMediaType(request.headers["content-type"] ?? "application/json").type) {
    case "application/json":
    case protobufMediaType:
      return parseJson(request.body);
    case "application/yaml":
      return readYaml(request.body);
    default:
      throw unsupportedMedia(["application/json", "application/yaml", protobufMediaType]);
  }
}

/** One document; what JSON may not have it may not either. What begins with a brace is JSON: that is YAML. */
function readYaml(text: string): unknown {
  if (text.startsWith("{")) return parseJson(text);
  const [document, ...more] = readShortYaml(text);
  if (document === undefined || more.length > 0) {
    throw new StatusError("BadRequest", "the request body must be one YAML document");
  }
  if (document.type === "problem") {
    throw new StatusError("BadRequest", `the request body is not valid YAML: ${document.message}`);
  }
  assertHarmless(document.value);
  return document.value;
}

/** The error that names what is accepted, in the words from which kubectl makes its advice. */
export function unsupportedMedia(accepted: readonly string[]): StatusError {
  const list = accepted.join(", ");
  return new StatusError(
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${list}`,
  );
}

/**
 * A client's JSON as the resource that the path is about. What the path already says (namespace, kind) is
 * filled in. Unknown fields are errors, warnings or dropped, as `fieldValidation` says; an error is the
 * default. Throws `BadRequest`.
 */
export function toResource(request: ApiRequest, body: unknown): ReadBody {
  const { kind, namespace } = request.info;
  const { value, unknown } = pruneUnknownFields(kind.schema, isBorrowed(kind) ? withoutNulls(body) : body);
  const warnings = judgeUnknown(kind, unknown, request.query.get("fieldValidation"));
  if (!isRecord(value) || !isRecord(value.metadata)) throw unreadable(kind, "it has no metadata");
  assertKind(kind, value);
  const metadata = { ...value.metadata, name: value.metadata.name ?? "" };
  const resource = {
    ...value,
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata:
      namespace === undefined ? metadata : { ...metadata, namespace: value.metadata.namespace ?? namespace },
  };
  assertMetadata(kind, resource.metadata);
  if (!isResource(resource)) throw unreadable(kind, "metadata.name must be a string");
  request.learnName(resource.metadata.name);
  if (namespace !== undefined && resource.metadata.namespace !== namespace) {
    throw new StatusError(
      "BadRequest",
      `the namespace of the object (${resource.metadata.namespace}) is not that of the URL (${namespace})`,
    );
  }
  return { resource, warnings };
}

/** A kind of Kubernetes' own, which clients in Go write from structures: what has no value is null there. */
function isBorrowed({ group }: Kind): boolean {
  return group === "" || group.endsWith(".k8s.io");
}

/** Fields that are null are not there; in a list null is an item. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const given = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(given.map(([name, item]) => [name, withoutNulls(item)]));
}

/** Throws `BadRequest` when the object is not the one that the path names. */
export function assertName(resource: Resource, name: string): void {
  if (resource.metadata.name === name) return;
  throw new StatusError(
    "BadRequest",
    `the name of the object (${resource.metadata.name}) is not that of the URL (${name})`,
  );
}

function judgeUnknown(
  kind: Kind,
  unknown: readonly UnknownField[],
  validation: string | null,
): readonly string[] {
  const warnings = unknown.slice(0, maxUnknownShown).map(describeUnknown);
  switch (validation) {
    case "Ignore":
      return [];
    case "Warn":
      return warnings;
    case null:
    case "":
    case "Strict":
      if (warnings.length === 0) return [];
      throw new StatusError(
        "BadRequest",
        `${cannotHandle(kind)}: strict decoding error: ${warnings.join(", ")}`,
        {
          causes: unknown
            .slice(0, maxUnknownShown)
            .map(({ field }) => ({ field, message: "unknown field", reason: "UnknownField" })),
        },
      );
    default:
      throw new StatusError("BadRequest", "fieldValidation must be Ignore, Warn or Strict");
  }
}

function describeUnknown({ field, meant }: UnknownField): string {
  return `unknown field "${field}"${meant === undefined ? "" : ` (did you mean "${meant}"?)`}`;
}

function assertKind(kind: Kind, value: { readonly apiVersion?: unknown; readonly kind?: unknown }): void {
  const { apiVersion = apiVersionOf(kind), kind: name = kind.kind } = value;
  if (apiVersion === apiVersionOf(kind) && name === kind.kind) return;
  throw new StatusError(
    "BadRequest",
    `the object is not a ${apiVersionOf(kind)} ${kind.kind}, which is what ${groupResource(kind)} are`,
  );
}

/** Only so much that metadata can be worked with; whether the values are right is for admission to say. */
function assertMetadata(kind: Kind, metadata: JsonObject): void {
  for (const [name, value] of Object.entries(metadata)) {
    const type = fieldOf(fieldOf(ObjectMetaSchema.properties, name), "type");
    const found = Array.isArray(value) ? "array" : typeof value;
    const fits = type === "integer" ? Number.isSafeInteger(value) : type === undefined || type === found;
    if (!fits || (type === "object" && value === null)) {
      throw unreadable(kind, `metadata.${name} must be of type ${type}`);
    }
  }
}

function isResource(value: unknown): value is Resource {
  return (
    isRecord(value) &&
    typeof value.apiVersion === "string" &&
    typeof value.kind === "string" &&
    isRecord(value.metadata) &&
    typeof value.metadata.name === "string"
  );
}

function unreadable(kind: Kind, why: string): StatusError {
  return new StatusError("BadRequest", `${cannotHandle(kind)}: ${why}`);
}

function cannotHandle(kind: Kind): string {
  return `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}`;
}
