import type { FakeConnection } from "../../drivers/fake/fake-connection.ts";
import { StatusError } from "../../runtime/errors.ts";
import { mutatingVerbs } from "../intercept-driver.ts";
import type { SimDriverOptions, WatchedCall } from "./sim-driver.ts";
import type { SimHost } from "./sim-host.ts";

/** A call that has come to a daemon. */
export interface Request {
  readonly call: WatchedCall;
  readonly answer: (settle: Answer) => void;
}

export type Answer =
  | { readonly type: "done"; readonly value: unknown }
  | { readonly type: "failed"; readonly error: unknown };

/** A daemon with default settings reads no more calls of one connection at once. */
const maxRequests = 5;
const never = new AbortController().signal;

/** What a host's daemon does with the calls of one connection. */
export class DaemonService {
  readonly #inner: FakeConnection;
  readonly #host: SimHost;
  readonly #options: SimDriverOptions;
  readonly #waiting: Request[] = [];
  #inService = 0;

  constructor(inner: FakeConnection, host: SimHost, options: SimDriverOptions) {
    this.#inner = inner;
    this.#host = host;
    this.#options = options;
  }

  take(request: Request): void {
    this.#waiting.push(request);
    this.serve();
  }

  /** The daemon reads again. */
  serve(): void {
    while (this.#inService < maxRequests && !this.#host.isFrozen) {
      const request = this.#waiting.shift();
      if (request === undefined) return;
      this.#inService += 1;
      void this.#execute(request).finally(() => {
        this.#inService -= 1;
        this.serve();
      });
    }
  }

  async #execute({ call, answer }: Request): Promise<void> {
    const { time, stream, faults, process } = this.#options;
    const { verb } = call;
    const host = this.#host;
    const run = host.daemonRun;
    if (host.slowMs > 0) {
      await time.sleep(host.slowMs * stream.between(0.5, 1.5));
      // What a daemon had in hand when it ended may have been done, or not.
      if (run !== host.daemonRun && (!host.fake.powered || stream.chance(0.5))) return;
    }
    const found = await this.#perform(call);
    if (
      mutatingVerbs.has(verb) &&
      faults.strikes("F2", stream, 0.01, `executed twice: ${verb} ${host.name}`)
    ) {
      await this.#perform(call);
    }
    if (run !== host.daemonRun || host.isFrozen) return;
    if (host.loseNextReply === verb || (host.loseNextReply === true && mutatingVerbs.has(verb))) {
      host.loseNextReply = false;
      return;
    }
    host.network.send(host.name, process.name, `reply to ${verb}`, () =>
      process.deliver(() => answer(found)),
    );
  }

  /** The effect itself. Who gave the call up cannot call it back. */
  async #perform(call: WatchedCall): Promise<Answer> {
    const { witness, faults, stream } = this.#options;
    const { verb, args, host } = call;
    const value: unknown = Reflect.get(this.#inner, verb, this.#inner);
    if (typeof value !== "function") throw new Error(`${verb} is no verb`);
    if (verb === "ensureVolume" && host.isPoolFull) {
      faults.fired("F15", `no room in the pool of ${host.name}`);
      return { type: "failed", error: new StatusError("InternalError", "no space left in the pool") };
    }
    if (faults.strikes("F9", stream, 0.003, `error of the host: ${verb} ${host.name}`)) {
      return { type: "failed", error: new StatusError("InternalError", "internal error of the daemon") };
    }
    const patient = args.map((arg) => (arg instanceof AbortSignal ? never : arg));
    witness.executing(call);
    try {
      return { type: "done", value: await Reflect.apply(value, this.#inner, patient) };
    } catch (error) {
      return { type: "failed", error };
    } finally {
      witness.executed(call);
    }
  }
}
