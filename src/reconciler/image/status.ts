import type { ImageFacts, ImageFailure } from "../../images/image-store.ts";
import { formatTime } from "../../runtime/clock.ts";
import { assertNever } from "../../runtime/errors.ts";
import { type Progress, setProgress } from "../../schema/conditions.ts";
import type { Image, ImageContents, ImageStatus } from "../../schema/image.ts";

/** What came of a look at an image's content. */
export type ImageOutcome =
  | { readonly type: "downloading" }
  | { readonly type: "available"; readonly facts: ImageFacts }
  | { readonly type: "failed"; readonly failure: ImageFailure; readonly message: string };

/**
 * The status that tells what was found. While the content is merely out of reach, what is known of it stays:
 * hosts that hold it can go on with it. A refusal, or a spec that says something else, ends that.
 */
export function imageStatus(image: Image, outcome: ImageOutcome, now: number): ImageStatus {
  const observedGeneration = image.metadata.generation ?? 0;
  const stamp = { observedGeneration, time: formatTime(now) };
  const conditions = setProgress(image.status?.conditions ?? [], progressOf(outcome), stamp);
  return { ...knownFacts(image, outcome), observedGeneration, conditions: [...conditions] };
}

function knownFacts({ metadata, status = {} }: Image, outcome: ImageOutcome): Partial<ImageFacts> {
  if (outcome.type === "available") {
    const { digest, format, contents, sizeBytes, virtualSizeBytes } = outcome.facts;
    return { digest, format, contents, sizeBytes, virtualSizeBytes };
  }
  const stays = outcome.type === "failed" && isOutOfReach(outcome.failure);
  if (!stays || status.observedGeneration !== metadata.generation) return {};
  const { observedGeneration, conditions, ...facts } = status;
  return facts;
}

function isOutOfReach(failure: ImageFailure): boolean {
  switch (failure) {
    case "NotFound":
    case "DownloadFailed":
    case "Unreadable":
      return true;
    case "Forbidden":
    case "Refused":
    case "ChecksumMismatch":
      return false;
    default:
      return assertNever(failure);
  }
}

function progressOf(outcome: ImageOutcome): Progress {
  switch (outcome.type) {
    case "downloading": {
      const message = "the content is on its way";
      return { ready: "False", now: "Reconciling", reason: "Downloading", message };
    }
    case "available":
      return { ready: "True", reason: "Available", message: describe(outcome.facts) };
    case "failed": {
      const now = isOutOfReach(outcome.failure) ? "Reconciling" : "Stalled";
      return { ready: "False", now, reason: outcome.failure, message: outcome.message };
    }
    default:
      return assertNever(outcome);
  }
}

function describe({ format, contents }: ImageFacts): string {
  const messages: Record<ImageContents, string> = {
    disk: `a ${format} disk`,
    kernel: "a kernel",
    compressed: "compressed data: an initial RAM disk, or a disk that has to be decompressed first",
    cpio: "an initial RAM disk",
  };
  return messages[contents];
}
