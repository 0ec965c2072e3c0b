import t from "tap";
import { XdrReader, XdrWriter } from "./xdr.ts";

function written(write: (writer: XdrWriter) => void): Buffer {
  const writer = new XdrWriter();
  write(writer);
  return writer.copy();
}

t.test("64-bit integers are numbers where exact and bigints beyond", async (t) => {
  const safe = Number.MAX_SAFE_INTEGER;
  for (const value of [0, 1, -1, safe, -safe, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n]) {
    t.equal(new XdrReader(written((writer) => writer.hyper(value))).hyper(), value);
  }
  const most = 2n ** 64n - 1n;
  t.equal(new XdrReader(written((writer) => writer.uhyper(most))).uhyper(), most);
});

t.test("what the daemon would cut or refuse is not written", async (t) => {
  t.throws(() => written((writer) => writer.string("a\0b")), { name: "XdrError" });
  t.throws(() => written((writer) => writer.string("x".repeat(4_194_305))), { name: "XdrError" });
});

t.test("a writer grows, forgets, and overwrites", async (t) => {
  const writer = new XdrWriter();
  writer.uint(1);
  for (let index = 0; index < 1000; index++) writer.uint(2);
  writer.truncate(8);
  writer.patchUint(0, 7);
  t.equal(writer.copy().toString("hex"), "0000000700000002");
  t.equal(writer.copy(4).toString("hex"), "00000002");
});

t.test("a reader never looks outside its range", async (t) => {
  const bytes = written((writer) => writer.string("outside"));
  t.throws(() => new XdrReader(bytes, 0, 8).string(), { name: "XdrError" });
  t.throws(() => new XdrReader(bytes, 4, 6).uint(), { name: "XdrError" });
  const reader = new XdrReader(bytes, 4, 7);
  t.equal(String(reader.rest()), "out");
  t.equal(reader.remaining, 0);
});

t.test("a length is not believed before it is checked", async (t) => {
  const absurd = Buffer.from("7fffffff00000000", "hex");
  t.throws(() => new XdrReader(absurd).count(), { name: "XdrError" });
  t.throws(() => new XdrReader(absurd).opaque(), { name: "XdrError" });
  t.throws(() => new XdrReader(absurd).string(), { name: "XdrError" });
  t.throws(() => new XdrReader(absurd).present(), { name: "XdrError" });
});

t.test("what is left over is noticed", async (t) => {
  const reader = new XdrReader(Buffer.alloc(8));
  reader.uint();
  t.throws(() => reader.finish(), { name: "XdrError", message: /4 bytes more/ });
});
