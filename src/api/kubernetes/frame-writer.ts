import type { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { Socket } from "node:net";

/** A line of a watch, made once for all that send it. */
export interface Frame {
  readonly line: Buffer;
  /** The same as a chunk of HTTP/1.1, its length before it. */
  readonly chunk: Buffer;
}

/**
 * Writes lines to one response, whose head has been sent. Node puts a chunk together from four pieces and
 * sends it after all else that is done in this turn: that is a quarter of what a watch event costs. A chunk
 * that is the first in its turn is sent at once; those of a burst go together.
 */
export class FrameWriter {
  readonly #response: ServerResponse;
  #turn: "new" | "begun" | "burst" = "new";

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Returns whose `drain` tells that more may be written; undefined: it may be at once. */
  write({ line, chunk }: Frame): EventEmitter | undefined {
    const response = this.#response;
    // A response of HTTP/2 has no chunks, and shows its socket only through a proxy made for each who asks.
    const socket = response.chunkedEncoding ? response.socket : undefined;
    if (!(socket instanceof Socket) || !socket.writable) {
      return response.write(line) ? undefined : response;
    }
    this.#gather(socket);
    return socket.write(chunk) ? undefined : socket;
  }

  #gather(socket: Socket): void {
    if (this.#turn === "new") {
      this.#turn = "begun";
      process.nextTick(() => this.#endTurn(socket));
    } else if (this.#turn === "begun") {
      this.#turn = "burst";
      socket.cork();
    }
  }

  #endTurn(socket: Socket): void {
    if (this.#turn === "burst") socket.uncork();
    this.#turn = "new";
  }
}
