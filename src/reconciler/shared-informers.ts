import { orAborted } from "../runtime/abort.ts";
import type { Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import { Informer, type InformerOptions } from "./informer.ts";
import type { Part } from "./manager.ts";

export type SharedInformersOptions = Omit<InformerOptions<Resource>, "kind">;

/** What all informers have in common, whatever their kind. */
type AnyInformer = Pick<Informer<Resource>, "kind" | "run" | "synced">;

/**
 * One informer for each kind, shared by all that look at it: the objects are in memory once. As a part of the
 * manager it has started when every cache is filled.
 */
export class SharedInformers implements Part {
  readonly name = "informers";
  readonly #options: SharedInformersOptions;
  readonly #informers = new Map<Kind, AnyInformer>();
  readonly #running: Promise<void>[] = [];
  #signal: AbortSignal | undefined;

  constructor(options: SharedInformersOptions) {
    this.#options = options;
  }

  /** The informer of a kind. One that is asked for after the start begins at once; await its `synced`. */
  get<T extends Resource>(kind: Kind<T>): Informer<T> {
    const known = this.#informers.get(kind);
    if (known !== undefined && isOf(known, kind)) return known;
    const informer = new Informer({ ...this.#options, kind });
    this.#informers.set(kind, informer);
    this.#launch(informer);
    return informer;
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    const informers = [...this.#informers.values()];
    for (const informer of informers) this.#launch(informer);
    await orAborted(Promise.all(informers.map((informer) => informer.synced)), signal);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running);
  }

  #launch(informer: AnyInformer): void {
    if (this.#signal !== undefined) this.#running.push(informer.run(this.#signal));
  }
}

/** The token tells the type: an informer that was made for this very kind holds its objects. */
function isOf<T extends Resource>(informer: AnyInformer, kind: Kind<T>): informer is Informer<T> {
  return informer.kind === kind;
}
