import type { Condition, Resource } from "../schema/meta.ts";
import { isRecord } from "../schema/plain.ts";

/** The parts of a status that all kinds share. */
export function statusOf(resource: (Resource & { readonly status?: unknown }) | undefined): {
  readonly conditions: readonly Condition[];
  readonly observedGeneration: number | undefined;
} {
  const status = isRecord(resource?.status) ? resource.status : {};
  const { conditions, observedGeneration } = status;
  return {
    conditions: Array.isArray(conditions) ? conditions.filter(isCondition) : [],
    observedGeneration: typeof observedGeneration === "number" ? observedGeneration : undefined,
  };
}

function isCondition(value: unknown): value is Condition {
  return isRecord(value) && typeof value.type === "string" && typeof value.status === "string";
}
