import t from "tap";
import { formatColumns, formatTable, indent, printable, toYaml } from "./output.ts";

const table = {
  metadata: { resourceVersion: "1" },
  columnDefinitions: [
    { name: "Name", priority: 0 },
    { name: "CPUs", priority: 0 },
    { name: "URI", priority: 1 },
  ],
  rows: [
    { cells: ["a-long-name", 1, "x"], object: { metadata: { name: "a-long-name", namespace: "default" } } },
    { cells: ["b", 16, "\u001b[2J"] },
  ],
};

t.test("a table has columns as wide as their cells, and only the important ones", async (t) => {
  const view = { wide: false, namespaces: false, headers: true };
  t.equal(formatTable(table, view), "NAME          CPUS\na-long-name   1\nb             16\n");
  t.equal(formatTable(table, { ...view, headers: false }), "a-long-name   1\nb             16\n");
});

t.test("a wide table has all columns, and what comes from outside cannot move the cursor", async (t) => {
  t.equal(
    formatTable(table, { wide: true, namespaces: true, headers: true }),
    [
      "NAMESPACE   NAME          CPUS   URI\n",
      "default     a-long-name   1      x\n",
      "            b             16     ?[2J\n",
    ].join(""),
  );
  t.equal(printable("a\nb\u0007c"), "a?b?c");
});

t.test("rows may be of different lengths", async (t) => {
  t.equal(formatColumns([["a", "b"], ["ccc"]]), "a     b\nccc\n");
  t.equal(formatColumns([]), "");
});

t.test("YAML has no anchors and no folded lines", async (t) => {
  const shared = { a: "x ".repeat(100).trim() };
  const text = toYaml({ one: shared, two: shared });
  t.notMatch(text, "&");
  t.equal(text.split("\n").length, 5);
  t.equal(indent("a\n\nb\n"), "  a\n\n  b\n");
});
