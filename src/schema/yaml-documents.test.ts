import t from "tap";
import { readYamlDocuments } from "./yaml-documents.ts";

/** Only the data, or the message. */
function read(text: string): unknown[] {
  return readYamlDocuments(text).map((document) =>
    document.type === "document" ? document.value : document.message,
  );
}

t.test("scalars follow the core schema of YAML 1.2", async (t) => {
  const text = "[1, 0o14, 0x10, 1.5, true, null, ~, yes, on, 2026-01-01, 12:30:45, 0777, '1', !!str 1]";
  const data = [1, 12, 16, 1.5, true, null, null, "yes", "on", "2026-01-01", "12:30:45", 777, "1", "1"];
  t.strictSame(read(text), [data]);
});

t.test("documents end where the next begins, whatever stands between", async (t) => {
  t.strictSame(read("a: 1\n---\nb: 2\n--- \nc: 3\n---d: 4\n...\n--- {e: 5}\r\n---\r\nf: 6"), [
    { a: 1 },
    { b: 2 },
    { c: 3, "---d": 4 },
    { e: 5 },
    { f: 6 },
  ]);
});

t.test("an unclosed text swallows no later document", async (t) => {
  t.strictSame(read('a: "\n---\nb: 2\n'), ['Missing closing "quote', { b: 2 }]);
});

t.test("nesting is allowed up to fifty", async (t) => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  t.type(read(nested(50))[0], Array);
  t.strictSame(read(nested(51)), ["nested deeper than 50"]);
});

t.test("a quoted << is a key like others", async (t) => {
  t.strictSame(read("'<<': 1"), [{ "<<": 1 }]);
});

t.test("fields are found where they are written", async (t) => {
  const text = "# x\n---\na:\n  b: 1\n  c: [1, {d: 2}]\ne:\n";
  const [document] = readYamlDocuments(text);
  if (document?.type !== "document") throw new Error("no document");
  const found = (atKey: boolean, ...path: (string | number)[]): string =>
    text.slice(document.offsetOf(path, atKey)).slice(0, 4);
  t.equal(found(false), "a:\n ");
  t.equal(found(false, "a", "b"), "1\n  ");
  t.equal(found(true, "a", "b"), "b: 1");
  t.equal(found(false, "a", "c"), "c: [");
  t.equal(found(false, "a", "c", 1, "d"), "2}]\n");
  t.equal(found(false, "a", "c", 7), "c: [");
  t.equal(found(false, "a", "missing", "deeper"), "a:\n ");
  t.equal(found(false, "e"), "e:\n");
});
