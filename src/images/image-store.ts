import { StatusError, type StatusReason } from "../runtime/errors.ts";
import type { Image, ImageContents } from "../schema/image.ts";

/** Why an image's content cannot be had; the reasons of an Image's Ready condition. */
export type ImageFailure =
  /** There is no such file. */
  | "NotFound"
  /** A file outside the image directories, a link, a device; a URL that leads into a private network. */
  | "Forbidden"
  /** The content is of a kind that is not taken, see format.ts, or too large. */
  | "Refused"
  | "ChecksumMismatch"
  | "DownloadFailed"
  /** Reading failed, or the file changes while it is read. */
  | "Unreadable";

const statusReasons: Readonly<Record<ImageFailure, StatusReason>> = {
  NotFound: "NotFound",
  Forbidden: "Forbidden",
  Refused: "Invalid",
  ChecksumMismatch: "Invalid",
  DownloadFailed: "ServiceUnavailable",
  Unreadable: "ServiceUnavailable",
};

/** What `ImageStore` throws. The message names the file or URL and is the same each time. */
export class ImageError extends StatusError {
  readonly failure: ImageFailure;

  constructor(failure: ImageFailure, message: string, cause?: unknown) {
    super(statusReasons[failure], message, { cause });
    this.name = "ImageError";
    this.failure = failure;
  }

  /** Whether it may go away by itself, so that trying again soon makes sense. */
  get isTransient(): boolean {
    return this.failure === "DownloadFailed" || this.failure === "Unreadable";
  }
}

/** What is known of an image's content, all of it found by reading every byte. */
export interface ImageFacts {
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  readonly format: "raw" | "qcow2";
  readonly contents: ImageContents;
  readonly sizeBytes: number;
  readonly virtualSizeBytes: number;
}

/** Content that can be read, as often as wanted. */
export interface ImageContent extends ImageFacts {
  /**
   * Reads from the beginning, in chunks of at most 256 KiB that the reader may keep. The last chunk is
   * handed out only when the whole still has the digest; else, or when reading fails, throws ImageError.
   */
  open(): AsyncIterable<Uint8Array>;
}

/** Gets the content of images from where their specs say it is. Retries nothing: that is the caller's. */
export interface ImageStore extends AsyncDisposable {
  /**
   * Makes the content available here, downloading it if need be. Cheap when nothing changed. Callers that
   * ask for the same at the same time share the work, which goes on when one of them gives up.
   * Throws `ImageError`, or the signal's reason.
   */
  resolve(image: Image, signal: AbortSignal): Promise<ImageContent>;

  /** Removes downloaded content whose digest is not among these and that is not being fetched. */
  prune(keepDigests: ReadonlySet<string>): Promise<void>;
}
