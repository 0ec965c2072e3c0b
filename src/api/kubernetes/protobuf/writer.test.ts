import fc from "fast-check";
import t from "tap";
import { fieldsOf } from "./wire.ts";
import { ProtobufWriter } from "./writer.ts";

t.test("what is written can be read", async () => {
  const size = fc.integer({ min: 1, max: 2 ** 53 - 1 });
  const text = fc.string({ minLength: 1, unit: "grapheme" });
  fc.assert(
    fc.property(size, text, (number, words) => {
      const inner = new ProtobufWriter().integer(3, number).text(300, words);
      const [outer] = fieldsOf(new ProtobufWriter().message(2, inner).finish());
      if (outer?.type !== "bytes") return false;
      const [first, second] = fieldsOf(outer.value);
      return (
        first?.value === BigInt(number) &&
        second?.number === 300 &&
        second.type === "bytes" &&
        Buffer.from(second.value).toString() === Buffer.from(words).toString()
      );
    }),
  );
});

t.test("what is empty is not written, and a message that is empty is", async (t) => {
  const empty = new ProtobufWriter()
    .text(1, "")
    .text(2, undefined)
    .integer(3, 0)
    .integer(4, false)
    .double(5, 0);
  t.equal(empty.finish().length, 0);
  t.strictSame([...new ProtobufWriter().message(1, empty).message(2, undefined).finish()], [0x0a, 0]);
  t.strictSame([...new ProtobufWriter().double(1, 1).finish()], [0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
});
