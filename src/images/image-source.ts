import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasReason, messageOf } from "../runtime/errors.ts";
import type { Image } from "../schema/image.ts";
import { download, partialSuffix } from "./download.ts";
import { errorCode } from "./error-code.ts";
import { type FileFacts, identityOf, inspectFile, readVerified } from "./file-content.ts";
import { type ImageContent, ImageError, type ImageStore } from "./image-store.ts";
import { openLocalFile } from "./local-file.ts";
import { printableUrl } from "./printable-url.ts";
import { SingleFlight } from "./single-flight.ts";

export interface ImageSourceOptions {
  /** Below which a spec's `file` must lie. */
  readonly directories: readonly string[];
  /** Ours alone: downloaded content, one file per digest. Made when first needed. */
  readonly downloadDirectory: string;
  /** The bytes behind a URL; see httpsFetch. */
  readonly fetch: (url: string, signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/** A file, where it must lie, and what a person calls it. */
interface Place {
  readonly name: string;
  readonly path: string;
  readonly directories: readonly string[];
}

const maxRememberedFiles = 4096;

/** Content from local files and https URLs. A file that did not change is not read again. */
export class ImageSource implements ImageStore {
  readonly #options: ImageSourceOptions;
  readonly #remembered = new Map<string, FileFacts>();
  readonly #flights = new SingleFlight<FileFacts>();

  constructor(options: ImageSourceOptions) {
    this.#options = options;
  }

  async resolve(image: Image, signal: AbortSignal): Promise<ImageContent> {
    const { source, checksum } = image.spec;
    if (source.file !== undefined) {
      const place = { name: source.file, path: source.file, directories: this.#options.directories };
      const facts = await this.#flights.run(source.file, (end) => this.#inspect(place, end), signal);
      if (checksum !== undefined && checksum !== facts.digest) throw mismatch(place, facts.digest, checksum);
      return this.#content(place, facts);
    }
    const { url } = source;
    if (url === undefined || checksum === undefined) {
      throw new ImageError("Refused", "the spec names neither a file nor a url with its checksum");
    }
    const place = this.#downloaded(url, checksum);
    const facts = await this.#flights.run(checksum, (end) => this.#obtain(url, checksum, end), signal);
    return this.#content(place, facts);
  }

  async prune(keepDigests: ReadonlySet<string>): Promise<void> {
    for (const name of await listNames(this.#options.downloadDirectory)) {
      const digest = `sha256:${name.replace(partialSuffix, "")}`;
      if (!/^sha256:[0-9a-f]{64}$/.test(digest) || keepDigests.has(digest) || this.#flights.has(digest))
        continue;
      await rm(join(this.#options.downloadDirectory, name), { force: true });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#flights[Symbol.asyncDispose]();
  }

  #downloaded(url: string, checksum: string): Place {
    const { downloadDirectory } = this.#options;
    const path = join(downloadDirectory, checksum.slice("sha256:".length));
    return { name: printableUrl(url), path, directories: [downloadDirectory] };
  }

  /** Downloads unless the content is here and still what it was. */
  async #obtain(url: string, checksum: string, signal: AbortSignal): Promise<FileFacts> {
    const place = this.#downloaded(url, checksum);
    const present = await this.#inspect(place, signal).catch((error: unknown) => {
      if (hasReason(error, "NotFound")) return undefined;
      throw error;
    });
    if (present?.digest === checksum) return present;
    const digest = await download(this.#options.fetch(url, signal), place.path, checksum).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        throw translate(error);
      },
    );
    if (digest !== checksum) throw mismatch(place, digest, checksum);
    return await this.#inspect(place, signal);
  }

  async #inspect({ path, directories }: Place, signal: AbortSignal): Promise<FileFacts> {
    await using handle = await openLocalFile(path, directories);
    const identity = identityOf(await handle.stat({ bigint: true }));
    const known = this.#remembered.get(identity);
    if (known !== undefined) return known;
    const facts = await inspectFile(handle, path, signal);
    this.#remember(identity, facts);
    return facts;
  }

  #remember(identity: string, facts: FileFacts): void {
    this.#remembered.set(identity, facts);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRememberedFiles && oldest !== undefined) this.#remembered.delete(oldest);
  }

  #content(place: Place, facts: FileFacts): ImageContent {
    const { verdict, digest, sizeBytes } = facts;
    if (verdict.type === "refused") throw new ImageError("Refused", `${place.name} is ${verdict.message}`);
    const { format, contents, virtualSizeBytes } = verdict;
    return { digest, format, contents, sizeBytes, virtualSizeBytes, open: () => this.#read(place, facts) };
  }

  async *#read(place: Place, facts: FileFacts): AsyncGenerator<Uint8Array, void, undefined> {
    await using handle = await openLocalFile(place.path, place.directories);
    const identity = identityOf(await handle.stat({ bigint: true }));
    try {
      yield* readVerified(handle, place.path, facts);
    } catch (error) {
      // Two writes within one tick of the kernel's clock leave no trace in the identity: look again.
      this.#remembered.delete(identity);
      throw error;
    }
  }
}

function mismatch({ name }: Place, digest: string, checksum: string): ImageError {
  return new ImageError("ChecksumMismatch", `${name} is ${digest}, not ${checksum}`);
}

function translate(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  if (hasReason(error, "Forbidden")) return new ImageError("Forbidden", error.message, error);
  if (hasReason(error, "RequestEntityTooLarge")) return new ImageError("Refused", error.message, error);
  return new ImageError("DownloadFailed", messageOf(error), error);
}

async function listNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
