import t from "tap";
import {
  base64Bytes,
  checkBase64,
  checkDataKeys,
  checkDataSize,
  maxDataBytes,
  utf8Bytes,
} from "./data-keys.ts";

t.test("names that leave the folder they are written into are refused", async (t) => {
  const keys = { a: "", ".b": "", ".": "", "..": "", "..c": "" };
  t.strictSame(
    checkDataKeys("data", keys).map(({ field }) => field),
    ['data["."]', 'data[".."]', 'data["..c"]'],
  );
});

t.test("base64 is told from what is none, and what is none is not shown", async (t) => {
  for (const good of ["", "AAAA", "AAA=", "AA==", "+/+/"])
    t.strictSame(checkBase64("data", { good }), [], good);
  for (const bad of ["A", "AAA", "A===", "AAAA\n", "-_-_", "====", "AA==AAAA"]) {
    t.strictSame(checkBase64("data", { bad }), [{ field: "data.bad", message: "must be base64" }], bad);
  }
});

t.test("sizes are counted as they will be stored", async (t) => {
  for (const text of ["", "a", "ä", "€", "😀", "a😀ä€\u0000"]) {
    const bytes = Buffer.from(text);
    t.equal(utf8Bytes(text), bytes.length, text);
    t.equal(base64Bytes(bytes.toString("base64")), bytes.length, text);
  }
  t.equal(checkDataSize("data", maxDataBytes).length, 0);
  t.match(checkDataSize("data", maxDataBytes + 1), [
    { message: "at most 1048576 bytes in all, has 1048577" },
  ]);
});
