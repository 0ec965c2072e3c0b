import t from "tap";
import { readYamlDocuments } from "./yaml-documents.ts";
import { yamlText } from "./yaml-text.ts";

t.test("what is written is read as it was", async (t) => {
  const value = { a: "yes", b: "0x1", c: ["1e3", { d: "a\nb\n" }], e: {}, f: [], g: null, h: 1.5, i: true };
  t.match(readYamlDocuments(yamlText(value)), [{ type: "document", value }]);
});

t.test("nothing is left to what a parser takes a word for", async (t) => {
  for (const word of ["yes", "off", "1:30", "2026-01-01", "~", "null", "0o7"]) {
    t.match(yamlText({ word }), /^word: "/, word);
  }
});
