import { createHash } from "node:crypto";
import { onDemand } from "../../runtime/on-demand.ts";
import type { CustomResourceDefinition } from "../../schema/custom-resource-definition.ts";
import { type Column, groupResource, type Kind } from "../../schema/kind.ts";
import type { JsonObject } from "./json.ts";
import { subresourcesOf } from "./subresources.ts";

const openApi = onDemand<typeof import("./openapi-schema.ts")>(import.meta.url, "./openapi-schema.ts");

/** What all definitions have in common: when the store began, and the revision since which they are so. */
export interface Provenance {
  readonly creationTimestamp: string;
  readonly resourceVersion: string;
}

/** Our own kinds as Kubernetes would define them, for clients that find kinds nowhere else. */
export function definitionsOf(
  kinds: readonly Kind[],
  provenance: Provenance,
): readonly CustomResourceDefinition[] {
  return kinds
    .filter((kind) => !isBuiltIn(kind))
    .map((kind) => definitionOf(kind, provenance))
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
}

/** Kinds that clients have compiled in. */
function isBuiltIn({ group }: Kind): boolean {
  return group === "" || group.endsWith(".k8s.io");
}

function definitionOf(
  kind: Kind,
  { creationTimestamp, resourceVersion }: Provenance,
): CustomResourceDefinition {
  const name = groupResource(kind);
  const names = namesOf(kind);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name, uid: uidOf(name), resourceVersion, generation: 1, creationTimestamp },
    spec: {
      group: kind.group,
      scope: kind.namespaced ? "Namespaced" : "Cluster",
      names,
      versions: [versionOf(kind)],
      conversion: { strategy: "None" },
    },
    status: {
      acceptedNames: names,
      storedVersions: [kind.version],
      conditions: [
        condition("NamesAccepted", "NoConflicts", creationTimestamp),
        condition("Established", "InitialNamesAccepted", creationTimestamp),
      ],
    },
  };
}

function namesOf(kind: Kind): CustomResourceDefinition["spec"]["names"] {
  return {
    plural: kind.plural,
    singular: kind.singular,
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    ...(kind.shortNames.length > 0 && { shortNames: [...kind.shortNames] }),
    ...(kind.categories !== undefined && { categories: [...kind.categories] }),
  };
}

function versionOf(kind: Kind): CustomResourceDefinition["spec"]["versions"][number] {
  const selectable = (kind.selectableFields ?? []).map((field) =>
    typeof field === "string" ? field : field.path,
  );
  return {
    name: kind.version,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schemaOf(kind) },
    ...(kind.hasStatus && { subresources: { status: {}, ...scaleOf(kind) } }),
    additionalPrinterColumns: [...kind.columns.map(printerColumn), age],
    ...(selectable.length > 0 && { selectableFields: selectable.map((path) => ({ jsonPath: `.${path}` })) }),
  };
}

/** Where a pool keeps its number of machines. */
function scaleOf(kind: Kind): JsonObject {
  return subresourcesOf(kind).some(({ name }) => name === "scale")
    ? {
        scale: {
          specReplicasPath: ".spec.replicas",
          statusReplicasPath: ".status.replicas",
          labelSelectorPath: ".status.labelSelector",
        },
      }
    : {};
}

/** Metadata is the same for all kinds, and not theirs to define. */
function schemaOf({ kind, schema }: Kind): JsonObject {
  const converted = openApi().toOpenApiSchema(schema, kind);
  const { metadata: _, ...properties } = { ...asObject(converted.properties) };
  const text = { type: "string" };
  return {
    ...converted,
    properties: { ...properties, apiVersion: text, kind: text, metadata: { type: "object" } },
  };
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

const age = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

function printerColumn({ name, path, type, wide = false, description }: Column): {
  name: string;
  type: string;
  jsonPath: string;
} {
  return {
    name,
    type,
    jsonPath: jsonPathOf(path),
    ...(description !== undefined && { description }),
    ...(wide && { priority: 1 }),
  };
}

/** `status.conditions[Ready].status` as clients evaluate it themselves. */
function jsonPathOf(path: string): string {
  return `.${path.replaceAll(/\[([A-Za-z]+)\]/g, '[?(@.type=="$1")]')}`;
}

function condition(type: string, reason: string, lastTransitionTime: string) {
  return { type, status: "True" as const, reason, message: "served by Ostler itself", lastTransitionTime };
}

/** The same for the same name everywhere and always. */
function uidOf(name: string): string {
  const hex = createHash("sha256").update(`CustomResourceDefinition/${name}`).digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join("-");
}
