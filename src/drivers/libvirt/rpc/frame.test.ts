import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import {
  type Frame,
  FrameSplitter,
  headerBytes,
  maxFrameBytes,
  messageType,
  program,
  writeFrame,
} from "./frame.ts";
import { XdrError, XdrWriter } from "./xdr.ts";

function frameOf(serial: number, payload: Uint8Array): Buffer {
  const writer = new XdrWriter();
  const header = { program: program.remote, procedure: 273, type: messageType.call, serial, status: 0 };
  writeFrame(writer, header, (body) => body.fixedOpaque(payload));
  return writer.copy();
}

function split(chunks: readonly Buffer[]): Frame[] {
  const frames: Frame[] = [];
  const splitter = new FrameSplitter();
  for (const chunk of chunks) splitter.push(chunk, (frame) => frames.push(frame));
  return frames;
}

t.test("a call is laid out as the daemon expects it", async (t) => {
  const payload = Buffer.from("0000000100000003", "hex");
  const header = "00000024 20008086 00000001 00000111 00000000 00000007 00000000";
  t.equal(frameOf(7, payload).toString("hex"), `${header.replaceAll(" ", "")}0000000100000003`);
});

t.test("frames are found whatever the chunks", async () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 200 }).map(padded), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(payloads, fc.array(fc.nat(), { maxLength: 30 }), (bodies, cuts) => {
      const bytes = Buffer.concat(bodies.map((body, index) => frameOf(index + 1, body)));
      const frames = split(cut(bytes, cuts));
      assert.equal(frames.length, bodies.length);
      for (const [index, frame] of frames.entries()) {
        assert.equal(frame.serial, index + 1);
        assert.ok(frame.bytes.subarray(frame.start, frame.end).equals(bodies[index] ?? Buffer.alloc(0)));
      }
    }),
  );
});

t.test("a frame of many megabytes arrives in small chunks in linear time", async (t) => {
  const body = Buffer.alloc(8 << 20, 7);
  const bytes = frameOf(1, body);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, index) =>
    bytes.subarray(index * 1000, (index + 1) * 1000),
  );
  const [frame] = split(chunks);
  t.equal(frame?.end, headerBytes + body.length);
});

t.test("a length out of bounds is refused as soon as it is seen", async (t) => {
  for (const length of [0, 27, maxFrameBytes + 1, 536_903_814, 0xffff_ffff]) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(length);
    t.throws(() => split([bytes]), { name: "XdrError" });
  }
});

t.test("hostile bytes give frames within the bytes, or a typed error", async () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (chunks) => {
      try {
        const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        for (const frame of split(chunks.map((chunk) => Buffer.from(chunk)))) assert.ok(frame.end <= total);
      } catch (error) {
        if (!(error instanceof XdrError)) throw error;
      }
    }),
  );
});

t.test("a body that cannot be written leaves nothing behind", async (t) => {
  const writer = new XdrWriter();
  const header = { program: program.remote, procedure: 1, type: 0, serial: 1, status: 0 };
  t.throws(() => writeFrame(writer, header, (body) => body.string("\0")), { name: "XdrError" });
  t.equal(writer.length, 0);
});

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index] ?? 0, end));
}
