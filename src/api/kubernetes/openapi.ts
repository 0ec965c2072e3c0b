import { createHash } from "node:crypto";
import type { Kind } from "../../schema/kind.ts";
import type { JsonObject } from "./json.ts";
import { componentsOf, sharedComponents } from "./openapi-components.ts";
import { pathsOf } from "./openapi-paths.ts";
import { pathOf } from "./request-info.ts";

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
    documents.set(groupVersion, { text, hash: hashOf(text) });
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

/** The OpenAPI v3 document of these kinds, whatever their groups. */
export function documentOf(kinds: readonly Kind[]): JsonObject {
  return {
    openapi: "3.0.0",
    info: { title: "Ostler", version: "v1" },
    paths: Object.assign({}, ...kinds.map(pathsOf)),
    components: { schemas: Object.assign(sharedComponents(), ...kinds.map(componentsOf)) },
  };
}

export function hashOf(text: string | Uint8Array): string {
  return createHash("sha512").update(text).digest("hex").toUpperCase();
}

function rootOf(kind: Kind): string {
  return pathOf(kind).slice(1, -kind.plural.length - 1);
}
