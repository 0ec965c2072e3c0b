import type { Hint, HostConnection, LinkHealth } from "../../drivers/driver.ts";
import { FakeConnection } from "../../drivers/fake/fake-connection.ts";
import type { FakeLink } from "../../drivers/fake/fake-host.ts";
import { HintQueue } from "../../drivers/hint-queue.ts";
import { UnreachableError } from "../../drivers/unreachable.ts";
import type { Timer } from "../../runtime/clock.ts";
import { messageOf, StatusError } from "../../runtime/errors.ts";
import { mutatingVerbs } from "../intercept-driver.ts";
import { type Answer, DaemonService, type Request } from "./daemon-service.ts";
import type { SimDriverOptions, WatchedCall } from "./sim-driver.ts";
import type { HostLinkEnd, SimHost } from "./sim-host.ts";
import { standInClock } from "./stand-in-clock.ts";

const deadlineMs = 30_000;
/** An upload is given up when nothing has moved for a minute. */
export const uploadDeadlineMs = 90_000;
const keepaliveMs = 30_000;
const never = new AbortController().signal;

/** One connection from a process to a host's daemon. */
export class SimLink implements FakeLink, HostLinkEnd {
  /** What the controller holds of it. */
  readonly connection: HostConnection;
  readonly #host: SimHost;
  readonly #options: SimDriverOptions;
  readonly #inner: FakeConnection;
  readonly #closed = Promise.withResolvers<Error>();
  readonly #lost = new AbortController();
  readonly #hints = new Set<HintQueue>();
  readonly #boot: number;
  readonly #daemonRun: number;
  readonly #unwatch: () => void;
  readonly #service: DaemonService;
  #inFlight = 0;
  #heardAtMs: number;
  #keepalive: Timer | undefined;

  /** Throws `HostUnreachable` when the host is off. */
  constructor(host: SimHost, clusterId: string, options: SimDriverOptions) {
    this.#host = host;
    this.#options = options;
    this.#inner = new FakeConnection(host.fake, clusterId, standInClock(options.time));
    this.#service = new DaemonService(this.#inner, host, options);
    host.fake.join(this);
    host.links.add(this);
    this.#heardAtMs = options.process.clock.monotonic();
    this.#boot = host.boot;
    this.#daemonRun = host.daemonRun;
    const unwatch = host.network.watch(() => this.lookAround());
    // Of a process that has ended the host forgets the link; nobody is left to be told.
    const disown = options.process.own(() => this.#leave());
    this.#unwatch = () => {
      unwatch();
      disown();
    };
    this.connection = this.#connect();
    this.lookAround();
  }

  /** The host says that it ends the link: heard only where packets pass. */
  lose(error: Error): void {
    const { network, name, fake } = this.#host;
    const { process } = this.#options;
    if (!fake.powered) return;
    network.send(name, process.name, "end of link", () => process.deliver(() => this.#end(error)));
  }

  hint(hint: Hint): void {
    const { faults, stream } = this.#options;
    const { uid = "host" } = hint;
    const what = `${this.#host.name} ${uid.slice(0, 8)}`;
    if (faults.strikes("F3", stream, 0.05, `event dropped: ${what}`)) return;
    if (faults.strikes("F3", stream, 0.03, `event overflow: ${what}`)) this.#send({}, 0);
    if (faults.strikes("F3", stream, 0.05, `event twice: ${what}`))
      this.#send(hint, stream.between(0, 3_000));
    const late = faults.strikes("F3", stream, 0.05, `event late: ${what}`);
    this.#send(hint, late ? stream.between(100, 120_000) : 0);
  }

  lookAround(): void {
    const { process } = this.#options;
    const { network, name, fake, isFrozen, boot } = this.#host;
    const silent =
      network.isCut(process.name, name) ||
      network.isCut(name, process.name) ||
      !fake.powered ||
      isFrozen ||
      boot !== this.#boot;
    if (!silent) {
      this.#keepalive?.cancel();
      this.#keepalive = undefined;
      return;
    }
    if (this.#keepalive === undefined) this.#heardAtMs = process.clock.monotonic();
    const end = (): void => this.#end(new Error("no answer to keepalive"));
    if (!this.#lost.signal.aborted) this.#keepalive ??= process.clock.after(keepaliveMs, end);
  }

  serve(): void {
    this.#service.serve();
  }

  #connect(): HostConnection {
    const closed = this.#closed.promise;
    const hints = (signal: AbortSignal) => this.#readHints(signal);
    const dispose = async (): Promise<void> => this.#end(new Error("closed by us"));
    return new Proxy(this.#inner, {
      get: (target, property) => {
        if (property === "closed") return closed;
        if (property === "hints") return hints;
        if (property === "health") return this.#health;
        if (property === Symbol.asyncDispose) return dispose;
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        return (...args: readonly unknown[]) => this.#call(String(property), args);
      },
    });
  }

  get #health(): LinkHealth {
    // While packets pass pings are answered.
    const silent = this.#keepalive !== undefined || this.#lost.signal.aborted;
    const heardAtMs = silent ? this.#heardAtMs : this.#options.process.clock.monotonic();
    return { heardAtMs, inFlight: this.#inFlight };
  }

  #end(cause: Error): void {
    if (this.#lost.signal.aborted) return;
    const { name } = this.#host;
    const message = `lost the link to host ${name}: ${messageOf(cause)}`;
    const error = cause instanceof StatusError ? cause : new UnreachableError("ConnectionLost", message);
    this.#leave();
    this.#options.witness.lost(this.#options.process, this.#host);
    this.#lost.abort(error);
    for (const queue of this.#hints) queue.end();
    this.#closed.resolve(error);
  }

  /** What it was sent before may still be read and done. */
  #leave(): void {
    this.#host.fake.leave(this);
    this.#host.fake.leave(this.#inner);
    this.#host.links.delete(this);
    this.#unwatch();
    this.#keepalive?.cancel();
  }

  async *#readHints(signal: AbortSignal): AsyncGenerator<Hint, void, undefined> {
    if (this.#lost.signal.aborted) return;
    const queue = new HintQueue();
    this.#hints.add(queue);
    try {
      yield* queue.read(signal);
    } finally {
      this.#hints.delete(queue);
    }
  }

  #send(hint: Hint, delayMs: number): void {
    const { process, time, witness } = this.#options;
    const { network, name, fake } = this.#host;
    const arrive = (): void => {
      process.deliver(() => {
        const domain = hint.uid === undefined ? undefined : fake.findDomain(hint.uid);
        if (domain !== undefined) witness.onHint(domain);
        for (const queue of this.#hints) queue.push(hint);
      });
    };
    const leave = (): void => network.send(name, process.name, "event", arrive);
    if (delayMs === 0) leave();
    else time.schedule(delayMs, leave);
  }

  async #call(verb: string, args: readonly unknown[]): Promise<unknown> {
    const { process, witness } = this.#options;
    const signal = args.find((arg) => arg instanceof AbortSignal) ?? never;
    const { name } = this.#host;
    if (!process.isAlive) return forEver();
    if (this.#lost.signal.aborted) {
      throw new StatusError("HostUnreachable", `the link to host ${name} is lost`, {
        cause: this.#lost.signal.reason,
      });
    }
    if (signal.aborted) throw this.#unknown(verb, signal.reason);
    const changes = mutatingVerbs.has(verb);
    if (changes && !process.survives(`before ${verb}`)) return forEver();
    const call = { process, host: this.#host, verb, args };
    witness.sent(call);
    const answer = this.#await(call, signal);
    if (changes && !process.survives(`having sent ${verb}`)) return forEver();
    return answer;
  }

  /** Waits no longer than caller, deadline and link allow. */
  #await(call: WatchedCall, signal: AbortSignal): Promise<unknown> {
    const { verb, process } = call;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const limitMs = verb === "ensureContent" ? uploadDeadlineMs : deadlineMs;
    const fail = (cause: unknown): void => {
      this.#options.witness.givenUp(call);
      reject(this.#unknown(verb, cause));
    };
    const timer = process.clock.after(limitMs, () => fail(new Error(`${limitMs / 1000} s passed`)));
    const onAbort = (): void => fail(signal.reason);
    const onLost = (): void => fail(this.#lost.signal.reason);
    signal.addEventListener("abort", onAbort);
    this.#lost.signal.addEventListener("abort", onLost);
    const answer = (found: Answer): void => {
      this.#inFlight -= 1;
      this.#heardAtMs = process.clock.monotonic();
      if (mutatingVerbs.has(verb) && !process.survives(`after ${verb}`)) return;
      if (found.type === "done") resolve(found.value);
      else reject(found.error);
    };
    this.#inFlight += 1;
    this.#host.network.send(process.name, this.#host.name, verb, () => this.#arrive({ call, answer }));
    return promise.finally(() => {
      timer.cancel();
      signal.removeEventListener("abort", onAbort);
      this.#lost.signal.removeEventListener("abort", onLost);
    });
  }

  #arrive(request: Request): void {
    const { fake, boot, network, name } = this.#host;
    const { process } = this.#options;
    if (!fake.powered) return;
    if (boot !== this.#boot) {
      const reset = new Error("connection reset: the host has started anew");
      network.send(name, process.name, "reset", () => process.deliver(() => this.#end(reset)));
      return;
    }
    // A daemon that was restarted knows nothing of connections from before.
    if (this.#daemonRun !== this.#host.daemonRun) return;
    this.#service.take(request);
  }

  #unknown(verb: string, cause: unknown): StatusError {
    const message = `no answer to ${verb} from host ${this.#host.name}: it may or may not have happened`;
    return new StatusError("OutcomeUnknown", message, { cause });
  }
}

/** What nobody is left to hear. */
function forEver(): Promise<never> {
  return new Promise(() => undefined);
}
