import t from "tap";
import { keepBits, keepEqual } from "./framework.ts";

t.test("rows are kept in their order, and only the first ones are looked at", async (t) => {
  const rows = Int32Array.of(3, 1, 2, 0);
  t.equal(keepBits(Uint8Array.of(1, 3, 4, 2), 2, rows, 3), 2);
  t.same([...rows.subarray(0, 2)], [3, 1]);
  t.equal(keepEqual(Float64Array.of(7, 8, 7, 7), 7, rows, 2), 1);
  t.equal(rows[0], 3);
});
