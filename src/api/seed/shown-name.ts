import type { Resource } from "../../schema/meta.ts";
import { seedAnnotations } from "../../schema/seed.ts";

/** What the flat API calls an object: what its maker called it, where that could not be the object's name. */
export function shownName({ metadata }: Resource): string {
  return metadata.annotations?.[seedAnnotations.name] ?? metadata.name;
}
