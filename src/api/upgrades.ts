import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import { nodeHttp } from "../runtime/node-http.ts";

/** The connection of a client that wants to speak another protocol on it, and what it has already said. */
export interface Upgrade {
  readonly socket: Socket;
  readonly head: Buffer;
}

/**
 * Requests to change the protocol, which Node keeps from the server's ordinary handler. They are routed like
 * all others, so that whatever is asked of a request (its Host, its token, its rights, its place) is asked of
 * them too. A handler may take the connection over; if it answers instead, the connection ends with that.
 */
export class Upgrades {
  readonly #asked = new WeakMap<IncomingMessage, Upgrade>();

  constructor(app: FastifyInstance) {
    app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (socket instanceof Socket) this.#route(app, request, { socket, head });
      else socket.destroy();
    });
  }

  /** What a request asks for; undefined when it is an ordinary one. */
  of(request: IncomingMessage): Upgrade | undefined {
    return this.#asked.get(request);
  }

  #route(app: FastifyInstance, request: IncomingMessage, upgrade: Upgrade): void {
    const { socket } = upgrade;
    // Node has let go of the socket, and an error that nobody hears ends the process.
    socket.on("error", () => socket.destroy());
    const response = new nodeHttp.ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => socket.destroySoon());
    this.#asked.set(request, upgrade);
    app.routing(request, response);
  }
}
