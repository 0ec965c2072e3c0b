import { StatusError } from "../../runtime/errors.ts";
import type { Resource } from "../../schema/meta.ts";
import type { WriteOptions } from "../../store/store.ts";
import type { ApiRequest } from "./context.ts";

/** What every write is told by its query: whether it is only to be tried. */
export function writeOptions({ query }: Pick<ApiRequest, "query">): WriteOptions {
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  if (dryRun.every((value) => value === "All")) return { dryRun: dryRun.length > 0 };
  throw new StatusError("BadRequest", "dryRun must be All");
}

/** A patch says what it changes: finalizers that are not there after it have been removed by it. */
export function namingFinalizers(resource: Resource): Resource {
  const { finalizers = [] } = resource.metadata;
  return { ...resource, metadata: { ...resource.metadata, finalizers } };
}
