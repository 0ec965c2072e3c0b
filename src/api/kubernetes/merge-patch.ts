import { isRecord } from "../../schema/plain.ts";
import { fieldOf } from "./json.ts";

/** RFC 7396: null removes, objects merge, everything else replaces. Neither argument is changed. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const given = Object.entries(patch);
  const changes = given
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, mergePatch(fieldOf(target, name), value)] as const);
  const kept = given.length === changes.length ? target : without(target, patch);
  return { ...(isRecord(kept) ? kept : {}), ...Object.fromEntries(changes) };
}

/** What a patch does not remove. */
function without(target: unknown, patch: Record<string, unknown>): unknown {
  if (!isRecord(target)) return {};
  return Object.fromEntries(Object.entries(target).filter(([name]) => fieldOf(patch, name) !== null));
}
