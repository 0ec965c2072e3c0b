import type { Clock } from "../../../runtime/clock.ts";
import { hasReason, messageOf } from "../../../runtime/errors.ts";
import { UnreachableError, unreachableReason } from "../../unreachable.ts";
import type { Transport } from "../transport/transport.ts";
import { RpcConnection } from "./connection.ts";
import { errorCode, isLibvirtError } from "./errors.ts";
import { EventHub } from "./events.ts";
import type { KeepaliveSettings } from "./keepalive.ts";
import type { CallOptions } from "./pending-call.ts";
import type { Procedure } from "./procedure.ts";
import { authType, connectCalls, feature } from "./procedures-connect.ts";
import { type RpcStream, upload } from "./stream.ts";

export interface ClientOptions {
  /** As the daemon itself would write it: `qemu:///system`, `test:///default`. */
  readonly driverUri: string;
  readonly readOnly?: boolean;
  readonly clock: Clock;
  /** See ConnectionOptions; 4 unless told. */
  readonly maxInFlight?: number;
  /** Of calls that name none; 30 s unless told. */
  readonly defaultDeadlineMs?: number;
  readonly keepalive?: KeepaliveSettings;
  /** See ConnectionOptions. */
  readonly mayAct?: () => boolean;
  readonly signal?: AbortSignal;
  /** 60 s unless told: a daemon that has just started may probe its emulators for ten. */
  readonly openDeadlineMs?: number;
}

const closeDeadlineMs = 2000;

/**
 * One open libvirt connection. Errors: `LibvirtError` is the daemon's refusal; `StatusError` with
 * `OutcomeUnknown` or `HostUnreachable` says that no answer came. After the connection ends, make another.
 */
export class LibvirtClient implements AsyncDisposable {
  readonly events: EventHub;
  readonly #connection: RpcConnection;

  private constructor(connection: RpcConnection, events: EventHub) {
    this.#connection = connection;
    this.events = events;
  }

  /** Opens libvirt over a transport, which the client owns from here on, also when opening fails. */
  static async open(transport: Transport, options: ClientOptions): Promise<LibvirtClient> {
    const events: EventHub = new EventHub(() => connection);
    const connection: RpcConnection = new RpcConnection(transport, {
      ...options,
      onMessage: (procedure, payload) => events.receive(procedure, payload),
    });
    const client = new LibvirtClient(connection, events);
    try {
      await client.#open(transport.negotiateKeepalive, options);
      return client;
    } catch (error) {
      connection.close();
      throw explainOpening(error, transport.label, options.driverUri);
    }
  }

  /** Resolves with the reason when the connection has ended. Never rejects. */
  get closed(): Promise<Error> {
    return this.#connection.closed;
  }

  /** Where the connection leads, for messages. */
  get label(): string {
    return this.#connection.label;
  }

  /** Calls sent and not answered, those given up included. */
  get inFlight(): number {
    return this.#connection.inFlight;
  }

  /** When the daemon last said anything, in the clock's monotonic milliseconds. */
  get heardAtMs(): number {
    return this.#connection.heardAtMs;
  }

  /** Calls a procedure of the tables and resolves with its result. */
  call<Args, Result>(procedure: Procedure<Args, Result>, args: Args, options?: CallOptions): Promise<Result> {
    return this.#connection.call(procedure, args, options);
  }

  /** Opens a stream in both directions, such as a console. `signal` ends it. */
  async openStream<Args>(
    procedure: Procedure<Args, unknown>,
    args: Args,
    options?: CallOptions,
  ): Promise<RpcStream> {
    const { stream } = await this.#connection.openStream(procedure, args, options);
    return stream;
  }

  /** Sends all of `source`; resolves once the daemon has it. The deadline is that of the first answer. */
  async upload<Args>(
    procedure: Procedure<Args, unknown>,
    args: Args,
    source: AsyncIterable<Uint8Array>,
    options?: CallOptions,
  ): Promise<void> {
    await upload(await this.openStream(procedure, args, options), source);
  }

  /** What the daemon sends, to its end. Leaving the loop early aborts. */
  async *download<Args>(
    procedure: Procedure<Args, unknown>,
    args: Args,
    options?: CallOptions,
  ): AsyncGenerator<Buffer, void, undefined> {
    const stream = await this.openStream(procedure, args, options);
    yield* stream.read();
  }

  /** Says goodbye and ends the connection; what is in flight is rejected. */
  async close(): Promise<void> {
    await this.call(connectCalls.close, {}, { deadlineMs: closeDeadlineMs }).catch(() => undefined);
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(negotiateKeepalive: boolean, options: ClientOptions): Promise<void> {
    const limits: CallOptions = {
      deadlineMs: options.openDeadlineMs ?? 60_000,
      ...(options.signal && { signal: options.signal }),
    };
    await this.#authenticate(limits);
    if (negotiateKeepalive) {
      await this.call(connectCalls.supportsFeature, { feature: feature.keepalive }, limits);
    }
    await this.call(connectCalls.open, { uri: options.driverUri, flags: options.readOnly ? 1 : 0 }, limits);
  }

  /** Asked even where nothing is needed: with polkit, root is let in while it asks. */
  async #authenticate(limits: CallOptions): Promise<void> {
    const { types } = await this.call(connectCalls.authList, {}, limits);
    if (types.length === 0 || types.includes(authType.none)) return;
    if (types.includes(authType.polkit)) {
      await this.call(connectCalls.authPolkit, {}, limits);
      return;
    }
    const wanted = types.includes(authType.sasl) ? "SASL" : `authentication of type ${types.join(", ")}`;
    const remedy = "which is not supported: connect by SSH or by TLS certificate";
    const message = `${this.label}: the daemon demands ${wanted}, ${remedy}`;
    throw new UnreachableError("AuthenticationFailed", message);
  }
}

/** Opening changes nothing, so its outcome is never in doubt: the host is out of reach, or refuses us. */
function explainOpening(error: unknown, label: string, driverUri: string): unknown {
  if (isLibvirtError(error, errorCode.authFailed, errorCode.accessDenied, errorCode.operationDenied)) {
    const message = `${label}: the daemon refused us: ${error.message}`;
    return new UnreachableError("AuthenticationFailed", message, { cause: error });
  }
  if (!hasReason(error, "OutcomeUnknown") && !hasReason(error, "HostUnreachable")) return error;
  const message = `${label}: cannot open ${driverUri}: ${messageOf(error.cause ?? error)}`;
  // What ended the connection says why; a daemon that took us and did not answer hangs.
  const why = unreachableReason(error) ?? "DaemonHung";
  return new UnreachableError(why, message, { cause: error, reason: "HostUnreachable" });
}
