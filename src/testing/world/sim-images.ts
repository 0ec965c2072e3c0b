import { type ImageContent, ImageError, type ImageStore } from "../../images/image-store.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Image } from "../../schema/image.ts";

const chunks = 4;
const chunkMs = 20;

/**
 * Image files on the controller's machine: what is behind a path is a hex digit, of which its digest
 * consists.
 */
export class SimImages {
  readonly #digits = new Map<string, string>();

  put(path: string, digit: string): void {
    this.#digits.set(path, digit);
  }

  /** The images as a process reads them. Reading takes time: it can die in the middle. */
  open(clock: Clock): ImageStore {
    return {
      resolve: async (image) => this.#content(image, clock),
      prune: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
  }

  #content({ spec, metadata }: Image, clock: Clock): ImageContent {
    const digit = this.#digits.get(spec.source.file ?? "");
    if (digit === undefined)
      throw new ImageError("NotFound", `image ${metadata.name}: there is no such file`);
    const bytes = new TextEncoder().encode(digit.repeat(64));
    return {
      digest: `sha256:${digit.repeat(64)}`,
      format: "qcow2",
      contents: "disk",
      sizeBytes: bytes.length,
      virtualSizeBytes: 2 ** 30,
      async *open() {
        for (let chunk = 0; chunk < chunks; chunk++) {
          await clock.sleep(chunkMs);
          yield bytes.subarray((chunk * bytes.length) / chunks, ((chunk + 1) * bytes.length) / chunks);
        }
      },
    };
  }
}
