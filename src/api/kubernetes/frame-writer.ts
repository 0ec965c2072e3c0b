import type { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { Socket } from "node:net";
import { type Clock, systemClock } from "../../runtime/clock.ts";

/** A line of a watch, made once for all that send it. */
export interface Frame {
  readonly line: Buffer;
  /** The same as a chunk of HTTP/1.1, its length before it. */
  readonly chunk: Buffer;
}

/** So often at most a busy watch is written to. What changes less often is sent at once. */
const gatherMs = 4;

/**
 * Writes lines to one response, whose head has been sent. Node puts a chunk together from four pieces and
 * sends it after all else that is done in this turn: that is a quarter of what a watch event costs. A chunk
 * is sent at once after a rest; those that follow within some milliseconds go together, or when they are as
 * much as a socket takes.
 */
export class FrameWriter {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  #sentMs = Number.NEGATIVE_INFINITY;
  #isGathering = false;

  /** The network lives by the time of the system, whatever the rest lives by. */
  constructor(response: ServerResponse, clock: Clock = systemClock) {
    this.#response = response;
    this.#clock = clock;
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
    if (socket.write(chunk)) return undefined;
    this.#send(socket);
    return socket;
  }

  #gather(socket: Socket): void {
    if (this.#isGathering) return;
    const now = this.#clock.monotonic();
    const waitMs = this.#sentMs + gatherMs - now;
    if (waitMs <= 0) {
      this.#sentMs = now;
      return;
    }
    this.#isGathering = true;
    socket.cork();
    this.#clock.after(waitMs, () => this.#send(socket));
  }

  #send(socket: Socket): void {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.#sentMs = this.#clock.monotonic();
    socket.uncork();
  }
}
