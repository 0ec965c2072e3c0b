import t from "tap";
import { LineIndex } from "./line-index.ts";

t.test("offsets become lines and columns", async (t) => {
  const index = new LineIndex("ab\n\ncd\r\ne");
  const places = [0, 1, 2, 3, 4, 6, 8, 99].map((offset) => Object.values(index.placeOf(offset)));
  t.strictSame(places, [
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
    [3, 1],
    [3, 3],
    [4, 1],
    [4, 92],
  ]);
});

t.test("an empty text has one line", async (t) => {
  t.strictSame(new LineIndex("").placeOf(0), { line: 1, column: 1 });
});
