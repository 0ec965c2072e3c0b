import type { Resource } from "./meta.ts";
import { sourceLabel, sourcePathAnnotation } from "./source.ts";

/** The name of the Source that an object comes from, if any. */
export function sourceOf(object: Resource | undefined): string | undefined {
  return object?.metadata.labels?.[sourceLabel];
}

/** The file that an object comes from, relative to its Source's folder. */
export function recordedPath(object: Resource | undefined): string | undefined {
  return object?.metadata.annotations?.[sourcePathAnnotation];
}

/** Whether a label or annotation is Ostler's own, on which no file has the last word. */
export function isSystemKey(key: string): boolean {
  return key.startsWith("ostler.dev/");
}
