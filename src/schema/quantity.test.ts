import t from "tap";
import { formatQuantity, formatRoughly, parseQuantity } from "./quantity.ts";

const quantities: readonly [string, number | undefined][] = [
  ["0", 0],
  ["4096", 4096],
  ["1k", 1000],
  ["1Ki", 1024],
  ["512Mi", 536870912],
  ["1.5Gi", 1610612736],
  ["2G", 2e9],
  ["8Pi", 9007199254740992],
  ["0.1", 1],
  ["", undefined],
  ["-1", undefined],
  ["1 Gi", undefined],
  ["1gi", undefined],
  ["1e9", undefined],
  ["9999Pi", undefined],
  [".5Gi", undefined],
  ["1Gi\n", undefined],
];

t.test("a quantity is bytes, rounded up; beyond whole numbers it is none", async (t) => {
  for (const [text, bytes] of quantities) {
    const expected = bytes !== undefined && Number.isSafeInteger(bytes) ? bytes : undefined;
    t.equal(parseQuantity(text), expected, JSON.stringify(text));
  }
});

t.test("bytes are written in the largest unit that keeps them whole", async (t) => {
  const written = [0, 1023, 1024, 1536, 2 ** 20, 3 * 2 ** 30, 2 ** 50].map(formatQuantity);
  t.strictSame(written, ["0", "1023", "1Ki", "1536", "1Mi", "3Gi", "1Pi"]);
});

t.test("for people three digits are enough", async (t) => {
  const shown: readonly [number, string][] = [
    [0, "0"],
    [1000, "1000"],
    [25_025_421_312, "23.3Gi"],
    [2 ** 29, "512Mi"],
    [1023 * 2 ** 30, "1023Gi"],
    [2 ** 40 * 1.5, "1.5Ti"],
    [2 ** 53, "8Pi"],
  ];
  for (const [bytes, text] of shown) t.equal(formatRoughly(bytes), text);
});
