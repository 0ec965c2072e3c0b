import { XdrError, type XdrWriter } from "./xdr.ts";

/** Numbers of the programs that share a connection. */
export const program = { remote: 0x20008086, qemu: 0x20008087, keepalive: 0x6b656570 } as const;

export const messageType = { call: 0, reply: 1, message: 2, stream: 3, streamHole: 6 } as const;

export const messageStatus = { ok: 0, error: 1, continue: 2 } as const;

export const protocolVersion = 1;
export const keepaliveProcedure = { ping: 1, pong: 2 } as const;

/** The header as the wire has it; numbers are kept even when nobody knows them. */
export interface FrameHeader {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly type: number;
  /** Chosen by the caller, repeated in the answer; 0 in messages. */
  readonly serial: number;
  readonly status: number;
}

/** A received frame; the payload is `bytes[start, end)`, valid as long as anyone holds it. */
export interface Frame extends FrameHeader {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Length word and header. */
export const headerBytes = 28;
/** The longest frame, its length word included. */
export const maxFrameBytes = 33_554_436;

/** Appends a frame. When `writeBody` throws, or the frame gets too long, appends nothing and throws. */
export function writeFrame(
  writer: XdrWriter,
  header: Omit<FrameHeader, "version">,
  writeBody?: (writer: XdrWriter) => void,
): void {
  const start = writer.length;
  try {
    writer.uint(0);
    writer.uint(header.program);
    writer.uint(protocolVersion);
    writer.int(header.procedure);
    writer.int(header.type);
    writer.uint(header.serial);
    writer.int(header.status);
    writeBody?.(writer);
    const length = writer.length - start;
    if (length > maxFrameBytes) throw new XdrError(`a frame of ${length} bytes: at most ${maxFrameBytes}`);
    writer.patchUint(start, length);
  } catch (error) {
    writer.truncate(start);
    throw error;
  }
}

/**
 * Cuts a byte stream into frames, whatever the chunks. A length out of bounds throws `XdrError` as soon as it
 * is seen: the stream cannot be trusted from there on. Holds about twice what came in of one frame at most.
 */
export class FrameSplitter {
  #partial = Buffer.alloc(0);
  #held = 0;
  #needed = 4;

  /** Calls `onFrame` for each frame that `chunk` completes, in order. */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    let bytes = chunk;
    if (this.#held > 0) {
      this.#append(chunk);
      if (this.#held < this.#needed) return;
      bytes = this.#partial.subarray(0, this.#held);
    }
    const rest = bytes.subarray(this.#split(bytes, onFrame));
    // Frames are views of `bytes`: what is left moves to a buffer of its own.
    this.#partial = Buffer.from(rest);
    this.#held = rest.length;
  }

  #append(chunk: Buffer): void {
    const total = this.#held + chunk.length;
    if (total > this.#partial.length) {
      const grown = Buffer.allocUnsafe(Math.max(total, this.#partial.length * 2));
      this.#partial.copy(grown, 0, 0, this.#held);
      this.#partial = grown;
    }
    chunk.copy(this.#partial, this.#held);
    this.#held = total;
  }

  #split(bytes: Buffer, onFrame: (frame: Frame) => void): number {
    let start = 0;
    for (;;) {
      this.#needed = 4;
      if (bytes.length - start < 4) return start;
      const length = bytes.readUInt32BE(start);
      if (length < headerBytes || length > maxFrameBytes) throw new XdrError(`a frame of ${length} bytes`);
      this.#needed = length;
      if (bytes.length - start < length) return start;
      onFrame(parseFrame(bytes, start, start + length));
      start += length;
    }
  }
}

function parseFrame(bytes: Buffer, at: number, end: number): Frame {
  return {
    program: bytes.readUInt32BE(at + 4),
    version: bytes.readUInt32BE(at + 8),
    procedure: bytes.readInt32BE(at + 12),
    type: bytes.readInt32BE(at + 16),
    serial: bytes.readUInt32BE(at + 20),
    status: bytes.readInt32BE(at + 24),
    bytes,
    start: at + headerBytes,
    end,
  };
}
