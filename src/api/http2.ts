import type { RequestListener } from "node:http";
import type { Http2SecureServer, Http2ServerRequest, ServerHttp2Session } from "node:http2";
import type { Server } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../runtime/clock.ts";

/** What a TLS server offers; a client that offers nothing gets HTTP/1.1. */
export const alpnProtocols = ["h2", "http/1.1"];

export interface Http2Options {
  readonly clock: Clock;
  /** A request has to have arrived after this time, as with HTTP/1.1. */
  readonly requestTimeoutMs: number;
  /** A connection without requests is closed after this time. */
  readonly idleTimeoutMs: number;
  readonly maxHeaderSize: number;
}

/** As many as Kubernetes allows: clients wait for one to end before they begin another. */
const maxStreams = 250;

/** How long streams may take to end when the server closes. */
const goodbyeMs = 1000;

/**
 * Serves HTTP/2 to the clients of an HTTPS server that choose it, by the same handler. Connections that speak
 * HTTP/1.1 are handed to the server's own listener as before, so they cost nothing more. HTTP/2 itself is
 * loaded with the first client that speaks it.
 */
export class Http2 {
  readonly #handler: RequestListener;
  readonly #options: Http2Options;
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Connections that have yet to shake hands, by the client's address and port. */
  readonly #strangers = new Map<string, Socket>();
  #server: Http2SecureServer | undefined;
  #closing = false;

  constructor(server: Server, handler: RequestListener, options: Http2Options) {
    this.#handler = handler;
    this.#options = options;
    const listeners = server.listeners("secureConnection");
    server.removeAllListeners("secureConnection");
    server.on("connection", (socket: Socket) => this.#meet(socket));
    server.on("secureConnection", (socket: TLSSocket) => {
      this.#strangers.delete(placeOf(socket));
      if (this.#closing) socket.destroy();
      else if (socket.alpnProtocol === "h2") this.#loaded().emit("secureConnection", socket);
      else for (const listener of listeners) listener.call(server, socket);
    });
  }

  /** Lets streams end, and then hangs up. Who has yet to shake hands would keep the server open at will. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const socket of this.#strangers.values()) socket.destroy();
    const ends = [...this.#sessions].map((session) => this.#end(session));
    await Promise.all(ends);
  }

  #meet(socket: Socket): void {
    const place = placeOf(socket);
    if (this.#closing) socket.destroy();
    this.#strangers.set(place, socket);
    socket.once("close", () => {
      if (this.#strangers.get(place) === socket) this.#strangers.delete(place);
    });
  }

  async #end(session: ServerHttp2Session): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(goodbyeMs, () => session.destroy());
    session.once("close", resolve);
    session.close();
    if (session.destroyed) resolve();
    await promise.finally(() => timer.cancel());
  }

  #loaded(): Http2SecureServer {
    this.#server ??= this.#load();
    return this.#server;
  }

  #load(): Http2SecureServer {
    const { idleTimeoutMs, maxHeaderSize } = this.#options;
    const server = process.getBuiltinModule("node:http2").createSecureServer({
      settings: { maxConcurrentStreams: maxStreams, maxHeaderListSize: maxHeaderSize },
    });
    server.on("session", (session) => this.#keep(session, idleTimeoutMs));
    server.on("request", (request, response) => {
      this.#limit(request);
      // Made to look alike by Node, and used alike by the framework.
      Reflect.apply(this.#handler, undefined, [request, response]);
    });
    return server;
  }

  #keep(session: ServerHttp2Session, idleTimeoutMs: number): void {
    let open = 0;
    this.#sessions.add(session);
    session.once("close", () => this.#sessions.delete(session));
    session.on("error", () => session.destroy());
    session.on("stream", (stream) => {
      open += 1;
      stream.once("close", () => {
        open -= 1;
      });
    });
    session.setTimeout(idleTimeoutMs, () => {
      if (open === 0) session.close();
    });
  }

  /** A body that does not come would hold its place for ever. */
  #limit(request: Http2ServerRequest): void {
    const { stream } = request;
    if (stream.endAfterHeaders) return;
    const timer = this.#options.clock.after(this.#options.requestTimeoutMs, () => stream.close());
    request.once("end", () => timer.cancel());
    stream.once("close", () => timer.cancel());
  }
}

/** Tells a connection from all others that are open; the same before and after the handshake. */
function placeOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
