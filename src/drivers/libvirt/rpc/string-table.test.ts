import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { NameTable } from "./string-table.ts";

t.test("a name is the same string each time it comes", async (t) => {
  const names = new NameTable();
  const bytes = Buffer.from("..state.state..");
  t.equal(names.get(bytes, 2, 13), "state.state");
  t.equal(names.get(bytes, 2, 13), "state.state");
});

t.test("the text is what is there, whatever was there before", async () => {
  const names = new NameTable();
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
      const bytes = Buffer.from(text);
      assert.equal(names.get(bytes, 0, bytes.length), bytes.toString());
      assert.equal(names.get(bytes, 0, bytes.length), bytes.toString());
    }),
    { numRuns: 2000 },
  );
});
