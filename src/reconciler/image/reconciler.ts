import { ImageError, type ImageStore } from "../../images/image-store.ts";
import type { Clock } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import type { Logger } from "../../runtime/logger.ts";
import { type Image, ImageKind } from "../../schema/image.ts";
import type { ObjectKey } from "../../schema/meta.ts";
import type { Store } from "../../store/store.ts";
import type { Reconciler, Result } from "../reconcile.ts";
import { type ImageOutcome, imageStatus } from "./status.ts";

export interface ImageReconcilerOptions {
  readonly store: Store;
  readonly content: ImageStore;
  readonly clock: Clock;
}

/** How often a local file is looked at: nothing tells when it changes. */
const fileRecheckMs = 300_000;

/** Finds out what an image's content is and writes that down; removes downloads that no image wants. */
export class ImageReconciler implements Reconciler {
  readonly #options: ImageReconcilerOptions;

  constructor(options: ImageReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(key: ObjectKey, signal: AbortSignal, logger: Logger): Promise<Result> {
    const found = await this.#options.store.get(ImageKind, key);
    if (found === undefined) {
      await this.#prune();
      return {};
    }
    if (found.metadata.deletionTimestamp !== undefined) return {};
    const image = await this.#announce(found);
    const { outcome, retry } = await this.#look(image, signal);
    const written = await this.#write(image, outcome);
    if (written !== image) {
      log(logger, outcome);
      await this.#prune();
    }
    if (retry !== undefined) throw retry;
    return image.spec.source.file === undefined ? {} : { requeueAfterMs: fileRecheckMs };
  }

  /** A download takes its time: what is going on must show meanwhile. */
  async #announce(image: Image): Promise<Image> {
    const isSeen = image.status?.observedGeneration === image.metadata.generation;
    if (isSeen || image.spec.source.url === undefined) return image;
    return await this.#write(image, { type: "downloading" });
  }

  async #look(image: Image, signal: AbortSignal): Promise<{ outcome: ImageOutcome; retry?: ImageError }> {
    try {
      return { outcome: { type: "available", facts: await this.#options.content.resolve(image, signal) } };
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      const { failure, message } = error;
      return {
        outcome: { type: "failed", failure, message },
        ...(error.isTransient ? { retry: error } : {}),
      };
    }
  }

  /** The same image when there was nothing to write. */
  async #write(image: Image, outcome: ImageOutcome): Promise<Image> {
    const { store, clock } = this.#options;
    const status = imageStatus(image, outcome, clock.now());
    return deepEqual(image.status, status)
      ? image
      : await store.updateStatus(ImageKind, { ...image, status });
  }

  async #prune(): Promise<void> {
    const { store, content } = this.#options;
    const { items } = await store.list(ImageKind);
    const wanted = items.map(({ spec }) => spec.checksum).filter((checksum) => checksum !== undefined);
    await content.prune(new Set(wanted));
  }
}

function log(logger: Logger, outcome: ImageOutcome): void {
  if (outcome.type === "available") {
    const { digest, format, contents, sizeBytes } = outcome.facts;
    logger.info("image available", { digest, format, contents, sizeBytes });
  }
  if (outcome.type === "failed") {
    logger.warn("image not available", { reason: outcome.failure, error: outcome.message });
  }
}
