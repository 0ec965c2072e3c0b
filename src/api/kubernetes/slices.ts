import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { Clock } from "../../runtime/clock.ts";

/** What is made and encrypted in a fraction of a millisecond: others are held up no longer. */
const sliceCharacters = 64 * 1024;

/** A client that takes nothing for so long is dropped: it holds memory and a place. */
const stallMs = 60_000;

export interface Slicing {
  readonly clock: Clock;
  /** How long a slice is, about. */
  readonly characters?: number;
  /** What a text of no more than a slice is made into before it is sent. */
  readonly short?: (text: string) => string;
}

/** Sends a long text without holding up anybody: a slice in each turn of the event loop, as it is taken. */
export function sendInSlices(reply: FastifyReply, pieces: Iterable<string>, slicing: Slicing): FastifyReply {
  const { clock, characters = sliceCharacters, short = (text) => text } = slicing;
  const slices = slicesOf(pieces, characters);
  const first = slices.next();
  const second = slices.next();
  if (first.done || second.done) return reply.send(short(first.value ?? ""));
  reply.raw.setTimeout(stallMs, () => reply.raw.destroy());
  const inTurns = async function* (): AsyncGenerator<string> {
    yield first.value;
    yield second.value;
    for (const slice of slices) {
      await clock.yield();
      yield slice;
    }
  };
  return reply.send(Readable.from(inTurns(), { objectMode: false }));
}

/** Joins pieces to texts of at least so many characters, but for the last one. */
export function* slicesOf(pieces: Iterable<string>, characters: number): Generator<string, undefined> {
  let slice: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    slice.push(piece);
    length += piece.length;
    if (length < characters) continue;
    yield slice.join("");
    slice = [];
    length = 0;
  }
  if (slice.length > 0) yield slice.join("");
}
