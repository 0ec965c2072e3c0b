import type { Clock } from "../../../runtime/clock.ts";
import { messageOf, StatusError } from "../../../runtime/errors.ts";
import { UnreachableError } from "../../unreachable.ts";
import type { Transport } from "../transport/transport.ts";
import { CallTable } from "./call-table.ts";
import { LibvirtError } from "./errors.ts";
import {
  type Frame,
  FrameSplitter,
  keepaliveProcedure,
  messageStatus,
  messageType,
  program,
  protocolVersion,
} from "./frame.ts";
import { defaultKeepalive, Keepalive, type KeepaliveSettings } from "./keepalive.ts";
import { Outbox } from "./outbox.ts";
import { type AnyCall, type CallOptions, PendingCall } from "./pending-call.ts";
import type { Procedure } from "./procedure.ts";
import { RpcStream } from "./stream.ts";
import { NameTable } from "./string-table.ts";
import { wireError } from "./types.ts";
import { XdrError, XdrReader } from "./xdr.ts";

export interface ConnectionOptions {
  readonly clock: Clock;
  /**
   * Calls that the daemon may have before it at once; more wait in line. 4 unless told: one fewer than a
   * daemon with default settings reads, so that it always hears our pings.
   */
  readonly maxInFlight?: number;
  /** 30 s unless told. */
  readonly defaultDeadlineMs?: number;
  readonly keepalive?: KeepaliveSettings;
  /** Asked right before each call that changes something is sent: false refuses it; always true if absent. */
  readonly mayAct?: () => boolean;
  /** Called for each event, after the replies that came with it have been routed. Must not throw. */
  readonly onMessage?: (procedure: number, payload: XdrReader) => void;
}

/** The stream that a call opened, with the call's name for errors. */
interface OpenStream {
  readonly name: string;
  readonly stream: RpcStream;
}

/**
 * Calls, streams and events over one transport. Calls in flight are answered in any order: await what another
 * depends on. When the connection ends every call is rejected at once: `OutcomeUnknown` if it was sent,
 * `HostUnreachable` if not. When calls that were given up hold all our places before the daemon, no other can
 * ever be answered: then the connection ends itself.
 */
export class RpcConnection {
  /** Resolves with the reason when the connection has ended. Never rejects. */
  readonly closed: Promise<Error>;
  readonly label: string;
  readonly #transport: Transport;
  readonly #mayAct: () => boolean;
  readonly #onMessage: (procedure: number, payload: XdrReader) => void;
  readonly #calls: CallTable;
  readonly #outbox: Outbox;
  readonly #keepalive: Keepalive;
  readonly #splitter = new FrameSplitter();
  readonly #names = new NameTable();
  readonly #streams = new Map<number, OpenStream>();
  #events: Frame[] = [];
  #ended: Error | undefined;
  #resolveClosed: (reason: Error) => void = () => undefined;

  constructor(transport: Transport, options: ConnectionOptions) {
    this.#transport = transport;
    this.#mayAct = options.mayAct ?? (() => true);
    this.#onMessage = options.onMessage ?? (() => undefined);
    this.label = transport.label;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#outbox = new Outbox(transport);
    this.#calls = new CallTable({
      clock: options.clock,
      maxInFlight: options.maxInFlight ?? 4,
      defaultDeadlineMs: options.defaultDeadlineMs ?? 30_000,
      transmit: (serial, call) => this.#transmit(serial, call),
      onStuck: (reason) => this.close(reason),
    });
    this.#keepalive = new Keepalive(options.clock, options.keepalive ?? defaultKeepalive, {
      ping: () => this.#sendKeepalive(keepaliveProcedure.ping),
      isSaturated: () => this.#calls.isFull,
      dead: (silenceMs) =>
        this.close(new UnreachableError("DaemonHung", `no answer from the daemon for ${silenceMs / 1000} s`)),
    });
    this.#listen();
  }

  /** Calls sent and not answered, those given up included. */
  get inFlight(): number {
    return this.#calls.inFlight;
  }

  /** When the daemon last said anything, in the clock's monotonic milliseconds. */
  get heardAtMs(): number {
    return this.#keepalive.heardAtMs;
  }

  /** Calls that wait for their turn. */
  get queued(): number {
    return this.#calls.queued;
  }

  /** Sends a call and resolves with its result; rejects with `LibvirtError` when the daemon refuses. */
  call<Args, Result>(
    procedure: Procedure<Args, Result>,
    args: Args,
    options: CallOptions = {},
  ): Promise<Result> {
    const call = new PendingCall(procedure, args, this.label);
    this.#submit(call, options);
    return call.promise;
  }

  /** Sends a call that opens a stream. `options.signal` holds for the life of the stream. */
  async openStream<Args, Result>(
    procedure: Procedure<Args, Result>,
    args: Args,
    options: CallOptions = {},
  ): Promise<{ result: Result; stream: RpcStream }> {
    // Packets may follow the answer in the same chunk: the stream must be there before.
    let stream: RpcStream | undefined;
    const call = new PendingCall(procedure, args, this.label, (serial) => {
      stream = this.#addStream(procedure.number, procedure.name, serial, options.signal);
    });
    this.#submit(call, options);
    try {
      const result = await call.promise;
      if (stream === undefined) throw new StatusError("InternalError", `${procedure.name} was not sent`);
      return { result, stream };
    } catch (error) {
      if (error instanceof LibvirtError) stream?.fail(error);
      else stream?.abort();
      throw error;
    }
  }

  /** Ends the connection at once; what is in flight is rejected. */
  close(reason = new Error("closed by us")): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#keepalive.stop();
    this.#calls.end(reason);
    for (const { name, stream } of [...this.#streams.values()]) {
      const message = `${name} on ${this.label}: ${reason.message}; the stream is incomplete`;
      stream.fail(new StatusError("OutcomeUnknown", message, { cause: reason }));
    }
    this.#outbox.release();
    this.#transport.stream.destroy();
    this.#resolveClosed(reason);
  }

  #listen(): void {
    const { stream } = this.#transport;
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    const lost = (what: string): void => this.#lose(new UnreachableError("ConnectionLost", what));
    stream.on("error", (error) => this.#lose(error));
    stream.on("end", () => lost("the daemon closed the connection"));
    stream.on("close", () => lost("the connection was lost"));
  }

  /** What carries the transport knows better why it ends, if it is that which ended. */
  #lose(reason: Error): void {
    this.close(this.#transport.lost?.() ?? reason);
  }

  #submit(call: AnyCall, options: CallOptions): void {
    if (this.#ended) call.abandon(this.#ended);
    else if (options.signal?.aborted) call.abandon(options.signal.reason);
    else this.#calls.submit(call, options);
  }

  #transmit(serial: number, call: AnyCall): void {
    const { number, name, changes } = call.procedure;
    if (changes && !this.#mayAct()) {
      const message = `${name} was not sent to ${this.label}: nothing may be changed on hosts now`;
      throw new StatusError("HostUnreachable", message);
    }
    const header = { program: program.remote, procedure: number, type: messageType.call, serial, status: 0 };
    this.#outbox.send(header, (writer) => call.writeArgs(writer));
  }

  #receive(chunk: Buffer): void {
    if (this.#ended) return;
    this.#keepalive.heard();
    try {
      this.#splitter.push(chunk, (frame) => this.#route(frame));
    } catch (error) {
      const message = `the daemon broke the protocol: ${messageOf(error)}`;
      this.close(new UnreachableError("HandshakeFailed", message, { cause: error }));
    }
    this.#deliverEvents();
    if (this.#ended === undefined) this.#calls.advance();
  }

  #route(frame: Frame): void {
    if (this.#ended) return;
    if (frame.version !== protocolVersion) throw new XdrError(`protocol version ${frame.version}`);
    if (frame.type === messageType.reply) this.#routeReply(frame);
    else if (frame.type === messageType.message) this.#routeMessage(frame);
    else if (frame.type === messageType.stream) this.#routeStream(frame);
    else throw new XdrError(`a frame of type ${frame.type}`);
  }

  #routeReply(frame: Frame): void {
    const call = this.#calls.take(frame.serial);
    if (call === undefined) return;
    if (frame.status === messageStatus.ok) call.answer(this.#reader(frame));
    else call.reject(this.#readError(frame, call.procedure.name));
  }

  #routeMessage(frame: Frame): void {
    if (frame.program === program.remote) this.#events.push(frame);
    else if (frame.program === program.keepalive && frame.procedure === keepaliveProcedure.ping) {
      this.#sendKeepalive(keepaliveProcedure.pong);
    }
  }

  #routeStream(frame: Frame): void {
    const open = this.#streams.get(frame.serial);
    if (open === undefined) return; // we aborted it
    if (frame.status === messageStatus.continue) open.stream.receive(this.#reader(frame).rest());
    else if (frame.status === messageStatus.ok) open.stream.confirm();
    else open.stream.fail(this.#readError(frame, open.name));
  }

  #deliverEvents(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    for (const frame of events) this.#onMessage(frame.procedure, this.#reader(frame));
  }

  #addStream(procedure: number, name: string, serial: number, signal?: AbortSignal): RpcStream {
    const header = { program: program.remote, procedure, type: messageType.stream, serial };
    const { stream: socket } = this.#transport;
    const port = {
      name: `${name} on ${this.label}`,
      sendData: (bytes: Uint8Array) =>
        this.#outbox.sendData({ ...header, status: messageStatus.continue }, bytes),
      sendEnd: () => this.#outbox.send({ ...header, status: messageStatus.ok }),
      sendAbort: () => this.#outbox.send({ ...header, status: messageStatus.error }),
      drained: () => this.#outbox.drained(),
      pause: (paused: boolean) => (paused ? socket.pause() : socket.resume()),
      forget: () => this.#streams.delete(serial),
    };
    const stream = new RpcStream(port, signal);
    this.#streams.set(serial, { name, stream });
    return stream;
  }

  #sendKeepalive(procedure: number): void {
    const header = { program: program.keepalive, procedure, type: messageType.message, serial: 0, status: 0 };
    this.#outbox.send(header);
  }

  #reader(frame: Frame): XdrReader {
    return new XdrReader(frame.bytes, frame.start, frame.end, this.#names);
  }

  #readError(frame: Frame, name: string): Error {
    try {
      return new LibvirtError(name, wireError.read(this.#reader(frame)));
    } catch (error) {
      const message = `${name} failed, and the reason cannot be read: ${messageOf(error)}`;
      return new StatusError("InternalError", message, { cause: error });
    }
  }
}
