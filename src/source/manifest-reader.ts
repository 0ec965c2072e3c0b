import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Clock, Timer } from "../runtime/clock.ts";
import { messageOf } from "../runtime/errors.ts";
import type { Manifest, ParsedManifests } from "../schema/manifest.ts";
import { kindFor } from "../schema/scheme.ts";
import { parseManifestFile } from "./manifest-rules.ts";

export interface ManifestReaderOptions {
  readonly clock: Clock;
  /** How long one file may take; 15 seconds when absent. */
  readonly limitMs?: number;
}

/** Text of this length holds up the event loop for 0.1 s at the very worst; nearly all files are shorter. */
const shortBytes = 16 * 1024;
const defaultLimitMs = 15_000;
/** A thread that has had nothing to do for so long is ended: it takes as much memory as a small server. */
const idleMs = 5000;
const maxHeapMb = 512;

/** What goes to the thread. */
interface Order {
  readonly content: Uint8Array;
  readonly path: string;
}

/** What comes back: a manifest without its kind, which has functions; its resource names it. */
interface Answer {
  readonly manifests: readonly Omit<Manifest, "kind">[];
  readonly problems: ParsedManifests["problems"];
}

/**
 * Reads the files of folders. What people write may be made to take long: a long file is read in a thread of
 * its own, one after the other, and only for so long.
 */
export class ManifestReader implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #limitMs: number;
  #thread: Worker | undefined;
  #idle: Timer | undefined;
  /** The file that is being read, and all before it. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ clock, limitMs = defaultLimitMs }: ManifestReaderOptions) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** What the file says, or why that cannot be found out. Never rejects. */
  async read(content: Uint8Array, path: string): Promise<ParsedManifests> {
    if (content.length <= shortBytes) return parseManifestFile(content, path);
    const reading = this.#turn.then(() => this.#readLong({ content, path }));
    this.#turn = reading;
    return reading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  async #readLong(order: Order): Promise<ParsedManifests> {
    this.#idle?.cancel();
    const thread = this.#thread ?? this.#start();
    const answered = Promise.withResolvers<ParsedManifests>();
    const refuse = (why: string): void => answered.resolve(refusal(order.path, why));
    const listeners = {
      message: ({ manifests, problems }: Answer) =>
        answered.resolve({ manifests: manifests.map(withKind), problems }),
      error: (error: unknown) => refuse(`cannot be read: ${messageOf(error)}`),
      exit: () => refuse("cannot be read: the thread that read it has ended"),
    };
    for (const [event, listener] of Object.entries(listeners)) thread.on(event, listener);
    const timer = this.#clock.after(this.#limitMs, () => {
      refuse(`takes longer than ${this.#limitMs / 1000} s to read; split the file`);
      this.#end().catch(() => undefined);
    });
    thread.postMessage(order);
    const parsed = await answered.promise;
    timer.cancel();
    for (const [event, listener] of Object.entries(listeners)) thread.off(event, listener);
    this.#idle = this.#clock.after(idleMs, () => void this.#end().catch(() => undefined));
    return parsed;
  }

  #start(): Worker {
    const thread = new Worker(new URL(import.meta.url), {
      workerData: threadName,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    this.#thread = thread;
    thread.unref();
    thread.once("exit", () => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    // What it died of is told to whoever waits for it.
    thread.on("error", () => undefined);
    return thread;
  }

  async #end(): Promise<void> {
    this.#idle?.cancel();
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}

const threadName = "ostler manifests";

if (!isMainThread && workerData === threadName) {
  parentPort?.on("message", ({ content, path }: Order) => {
    const { manifests, problems } = parseManifestFile(content, path);
    const answer: Answer = { manifests: manifests.map(({ kind: _, ...manifest }) => manifest), problems };
    parentPort?.postMessage(answer);
  });
}

function withKind(manifest: Omit<Manifest, "kind">): Manifest {
  const { apiVersion, kind } = manifest.resource;
  return { ...manifest, kind: kindFor(apiVersion, kind) };
}

function refusal(file: string, message: string): ParsedManifests {
  return { manifests: [], problems: [{ file, line: 1, column: 1, message }] };
}
