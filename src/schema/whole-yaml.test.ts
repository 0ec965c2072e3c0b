import t from "tap";
import { readWholeYaml } from "./whole-yaml.ts";

const plenty = () => ({ lexemes: 400_000 });

t.test("what only the library reads is read, and said where it stands in the whole text", async (t) => {
  const text = "&top\nlist: [a, &b {c: d}, *b] # a remark\n";
  const [document, ...more] = readWholeYaml(text, 1000, plenty());
  t.same(more, []);
  if (document?.type !== "document") throw new Error("a document was read");
  t.same(document.value, { list: ["a", { c: "d" }, { c: "d" }] });
  t.equal(document.offsetOf(["list", 1, "c"], true), 1000 + text.indexOf("c: d"));
  t.equal(document.offsetOf(["list", 1, "c"], false), 1000 + text.indexOf("d}"));
});

t.test("what cannot be read is a problem at its place", async (t) => {
  t.same(readWholeYaml("a: 1\na: 2\n", 10, plenty()), [
    { type: "problem", offset: 15, message: 'duplicate key "a"' },
  ]);
});

t.test("texts that are read with one budget use it up together", async (t) => {
  const budget = { lexemes: 30 };
  t.match(readWholeYaml("[a, b]", 0, budget), [{ type: "document" }]);
  t.match(readWholeYaml("[a, b, c, d, e, f, g, h]", 0, budget), [
    { type: "problem", message: /too long to be read at once/ },
  ]);
});
