import t from "tap";
import { textLines } from "./text-lines.ts";

t.test("lines keep their numbers; blank ones, comments and what surrounds them are left out", async (t) => {
  t.same(textLines("\ufeffa\r\n\r\n  b c \n# x\n\t#y\nd # e\nf#g\n\n"), [
    { line: 1, text: "a" },
    { line: 3, text: "b c" },
    { line: 6, text: "d" },
    { line: 7, text: "f#g" },
  ]);
  t.same(textLines("a"), [{ line: 1, text: "a" }], "the last line needs no end");
  t.same(textLines(""), []);
});
