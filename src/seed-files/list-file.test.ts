import t from "tap";
import { parseListFile } from "./list-file.ts";

const parse = (text: string) =>
  parseListFile(text, {
    field: "pms",
    parse: ({ line, text }) =>
      text === "bad" ? { line, message: "bad" } : { key: text.toLowerCase(), line },
  });

t.test("one entry a line, or a list in data", async (t) => {
  for (const text of ["a\nB\n", '{"pms": ["a",\n"B"]}', "'pms': ['a',\n'B'],", "['a',\n'B']"]) {
    t.same(
      parse(text),
      {
        entries: [
          { key: "a", line: 1 },
          { key: "b", line: 2 },
        ],
        problems: [],
        notes: [],
      },
      text,
    );
  }
});

t.test("what is named twice counts once, where it stands first, and that is told", async (t) => {
  t.same(parse("a\nA\na"), {
    entries: [{ key: "a", line: 1 }],
    problems: [],
    notes: [
      { line: 2, message: "A is named above; it counts once" },
      { line: 3, message: "a is named above; it counts once" },
    ],
  });
});

t.test("every line that is wrong is told", async (t) => {
  t.match(parse("bad\na\nbad").problems, [{ line: 1 }, { line: 3 }]);
  t.match(parse('{"pms": ["a",\n5,\n""]}').problems, [{ line: 2, message: "5 is not a text" }, { line: 3 }]);
  t.match(parse("{'hosts': []}").problems, [{ line: 1, message: 'there is no list "pms"' }]);
  t.match(parse("{'pms': [").problems, [{ line: 1 }]);
});
