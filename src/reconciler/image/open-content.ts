import type { ImageStore } from "../../images/image-store.ts";
import { StatusError } from "../../runtime/errors.ts";
import { type Image, imageVolumeName } from "../../schema/image.ts";
import type { OpenContent } from "../virtual-machine/execute.ts";

export interface OpenContentOptions {
  readonly content: ImageStore;
  readonly imageNamed: (name: string) => Image | undefined;
  /** Asks for another look at an image whose content is no longer what its status says. */
  readonly lookAgain: (name: string) => void;
}

/** Opens image content for upload to hosts, if it still is what the reference was made from. */
export function contentOpener({ content, imageNamed, lookAgain }: OpenContentOptions): OpenContent {
  return async (ref, signal) => {
    const image = imageNamed(ref.image);
    if (image === undefined) throw new StatusError("NotFound", `image "${ref.image}" does not exist`);
    const found = await content.resolve(image, signal);
    if (imageVolumeName(found.digest, found.format) !== ref.volume) {
      lookAgain(ref.image);
      throw new StatusError(
        "Conflict",
        `image "${ref.image}" changed; the newer content is used from now on`,
      );
    }
    return { volume: ref.volume, format: found.format, sizeBytes: found.sizeBytes, open: () => found.open() };
  };
}
