import { admit } from "../schema/admission.ts";
import { type Image, ImageKind } from "../schema/image.ts";
import { objectNameFor } from "../schema/object-name.ts";
import { seedAnnotations } from "../schema/seed.ts";
import type { ImageEntry } from "./image-file.ts";
import { FreeNames, newMetadata, type Wanted } from "./wanted.ts";

/** An image's entry, and the file on the controller's machine that has the content. */
export interface LocalImage {
  readonly entry: ImageEntry;
  readonly file: string;
}

/** The Images that entries ask for. Who was made for the same place is the same image. */
export function imagesToLoad(
  entries: readonly LocalImage[],
  existing: readonly Image[],
): readonly Wanted<Image>[] {
  const byKey = new Map(existing.map((image) => [sourceOf(image), image]));
  const names = new FreeNames(existing);
  return entries.map(({ entry: { line, key, name }, file }) => {
    const before = byKey.get(key);
    if (before !== undefined) return { line, before, after: withFile(before, file) };
    const object = names.take(objectNameFor(name));
    const annotations = {
      [seedAnnotations.source]: key,
      [seedAnnotations.name]: object === name ? undefined : name,
    };
    const metadata = newMetadata(object, line, annotations);
    const head = { apiVersion: "ostler.dev/v1", kind: "Image", metadata };
    return { line, before, after: admit(ImageKind, { ...head, spec: { source: { file } } }) };
  });
}

function sourceOf({ metadata, spec }: Image): string | undefined {
  return metadata.annotations?.[seedAnnotations.source] ?? spec.source.file;
}

function withFile(image: Image, file: string): Image {
  const isOurs = image.metadata.annotations?.[seedAnnotations.source] !== undefined;
  if (!isOurs || image.spec.source.file === file) return image;
  return { ...image, spec: { ...image.spec, source: { file } } };
}
