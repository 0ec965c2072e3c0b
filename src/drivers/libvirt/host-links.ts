import type { Clock } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { LinkHealth } from "../driver.ts";
import { defaultKeepalive, type KeepaliveSettings } from "./rpc/keepalive.ts";
import { LibvirtClient } from "./rpc/libvirt-client.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import type { Lane, Procedure } from "./rpc/procedure.ts";
import type { Link } from "./transport/transport.ts";

/** Calls on the control link answer at once, so more of them may be sent than the daemon reads at a time. */
const controlInFlight = 16;

/** One fewer than a daemon with default settings works on for one client. */
const workInFlight = 4;

export interface HostLinksOptions {
  readonly link: Link;
  /** As the daemon itself would write it: `qemu:///system`. */
  readonly driverUri: string;
  readonly clock: Clock;
  /** Asked right before each call that changes something; absent: always. */
  readonly mayAct?: (() => boolean) | undefined;
}

/**
 * The connections to one host. Calls that may wait for a guest go over one of their own, so that a guest that
 * hangs never holds up looking at the others. Whatever streams bytes gets a third one for the time it takes.
 */
export class HostLinks implements AsyncDisposable {
  /** Resolves with the reason when either connection is lost; then both are ended. Never rejects. */
  readonly closed: Promise<Error>;
  readonly control: LibvirtClient;
  readonly clock: Clock;
  readonly #work: LibvirtClient;
  readonly #options: HostLinksOptions;
  readonly #ended = new AbortController();
  readonly #cleanedUp: Promise<void>;

  private constructor(control: LibvirtClient, work: LibvirtClient, options: HostLinksOptions) {
    this.control = control;
    this.#work = work;
    this.clock = options.clock;
    this.#options = options;
    this.closed = Promise.race([control.closed, work.closed]);
    this.#cleanedUp = this.closed.then((reason) => this.#cleanUp(reason));
  }

  /** Owns `link` from here on, also when it fails. */
  static async open(options: HostLinksOptions, signal: AbortSignal): Promise<HostLinks> {
    const clients: LibvirtClient[] = [];
    try {
      for (const maxInFlight of [controlInFlight, workInFlight]) {
        clients.push(await openClient(options, maxInFlight, signal));
      }
      const [control, work] = clients;
      if (control === undefined || work === undefined) throw new Error("unreachable");
      return new HostLinks(control, work, options);
    } catch (error) {
      await Promise.all(clients.map((client) => client.close()));
      await options.link.close();
      throw error;
    }
  }

  /** Aborted when the connections have ended. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get health(): LinkHealth {
    const clients = [this.control, this.#work];
    return {
      heardAtMs: Math.max(...clients.map((client) => client.heardAtMs)),
      inFlight: clients.reduce((sum, client) => sum + client.inFlight, 0),
    };
  }

  /** Calls a procedure on the link it belongs on, or on the one that the caller knows to be right. */
  call<Args, Result>(
    procedure: Procedure<Args, Result>,
    args: Args,
    options: CallOptions,
    lane: Lane = procedure.lane,
  ): Promise<Result> {
    if (this.ended.aborted) return Promise.reject(this.#unreachable());
    return (lane === "control" ? this.control : this.#work).call(procedure, args, options);
  }

  /** A connection for one purpose; the caller ends it. */
  async openThird(signal: AbortSignal, keepalive = defaultKeepalive): Promise<LibvirtClient> {
    if (this.ended.aborted) throw this.#unreachable();
    const limits = AbortSignal.any([signal, this.ended]);
    const client = await openClient({ ...this.#options, keepalive }, workInFlight, limits);
    if (this.ended.aborted) await client.close();
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.control.close(), this.#work.close()]);
    await this.#cleanedUp;
  }

  #unreachable(): StatusError {
    const { reason } = this.ended;
    return new StatusError("HostUnreachable", `${this.#options.link.label}: the link is lost`, {
      cause: reason,
    });
  }

  async #cleanUp(reason: Error): Promise<void> {
    this.#ended.abort(reason);
    await Promise.all([this.control.close(), this.#work.close()]);
    await this.#options.link.close();
  }
}

async function openClient(
  {
    link,
    driverUri,
    clock,
    keepalive,
    mayAct,
  }: HostLinksOptions & { readonly keepalive?: KeepaliveSettings },
  maxInFlight: number,
  signal: AbortSignal,
): Promise<LibvirtClient> {
  return LibvirtClient.open(await link.open(signal), {
    ...{ driverUri, clock, maxInFlight, signal },
    ...(keepalive && { keepalive }),
    ...(mayAct && { mayAct }),
  });
}
