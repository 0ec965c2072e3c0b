import { objectTypeOf } from "./apply/field-type.ts";
import { unsupportedMedia } from "./body.ts";
import type { ApiRequest } from "./context.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { parseMediaType } from "./negotiation.ts";
import { strategicMergePatch } from "./strategic-patch.ts";

/** What is there with a patch put into it. */
export type Patcher = (target: unknown, patch: unknown) => unknown;

const applyType = "application/apply-patch+yaml";
const accepted = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  applyType,
];

/** Whether a PATCH is a server-side apply, which is no patch of what is there. */
export function isApply(request: ApiRequest): boolean {
  return patchTypeOf(request) === applyType;
}

function patchTypeOf({ headers }: ApiRequest): string {
  return parseMediaType(headers["content-type"] ?? "").type;
}

/** How the patch is put into what is there, by its content type. Throws `UnsupportedMediaType`. */
export function patcherOf(request: ApiRequest): Patcher {
  switch (patchTypeOf(request)) {
    case "application/json-patch+json":
      return jsonPatch;
    case "application/merge-patch+json":
      return mergePatch;
    case "application/strategic-merge-patch+json": {
      const type = objectTypeOf(request.info.kind);
      return (target, patch) => strategicMergePatch(type, target, patch);
    }
    default:
      throw unsupportedMedia(accepted);
  }
}
