import t from "tap";
import { looksLikeData, readLooseData } from "./loose-data.ts";

const types = { types: [{ tid: 1, cpu: 2 }] };

const forms: readonly (readonly [string, string, unknown])[] = [
  ["JSON", '{"types": [{"tid": 1, "cpu": 2}]}', types],
  ["without braces", '"types": [{"tid": 1, "cpu": 2}]', types],
  ["without braces and with a trailing comma", '"types": [{"tid": 1, "cpu": 2}],', types],
  ["with trailing commas inside", '{"types": [{"tid": 1, "cpu": 2,},],}', types],
  ["as Python prints it", "{'types': [{'tid': 1, 'cpu': 2}]}", types],
  ["with the line ends of Windows", '"types":\r\n[\r\n{"tid": 1,\r\n"cpu": 2}\r\n],\r\n', types],
  [
    "after a comment, with a mark of the byte order",
    "\ufeff# sizes\n\n{'types': [{'tid': 1, 'cpu': 2}]}",
    types,
  ],
  ["with comments inside", '{"types": [ # sizes\n{"tid": 1, "cpu": 2}\n] }', types],
  ["a list", "[{'tid': 1, 'cpu': 2}]", types.types],
];

for (const [what, text, value] of forms) {
  t.test(`data is read: ${what}`, async (t) => t.match(readLooseData(text), { type: "data", value }));
}

const malformed = ["", "# nothing", "'types': [", "{'types': }}", "{'a': 1, 'a': 2}", "{a: 1}\n---\n{b: 2}"];
for (const text of malformed) {
  t.test(`not data: ${JSON.stringify(text)}`, async (t) => {
    t.match(readLooseData(text), { type: "problem", problem: { line: Number, message: String } });
  });
}

t.test("every part has its line, whether braces were missing or not", async (t) => {
  for (const text of ['"a": [\n 1,\n {"b": 2}\n],\n', '{"a": [\n 1,\n {"b": 2}\n]}']) {
    const data = readLooseData(text);
    if (data.type !== "data") throw new Error(data.problem.message);
    t.same(
      [
        ["a", 0],
        ["a", 1],
        ["a", 1, "b"],
      ].map((path) => data.lineOf(path)),
      [2, 3, 3],
    );
  }
});

t.test("nothing in it is ever evaluated", async (t) => {
  const text = '{"types": [__import__("os").system("touch /tmp/x"), process.exit()]}';
  t.match(readLooseData(text), { type: "data", value: { types: [/__import__/, /process/] } });
});

t.test("a list of lines is told from data, also when its first line is an address in brackets", async (t) => {
  for (const text of ["{}", "'pms': []", '"pms": []', '["a"]', "[ 'a']", "[\n'a']", "# c\n\n{"]) {
    t.ok(looksLikeData(text), text);
  }
  for (const text of ["10.0.0.1", "[fe80::1]:22", "root@h", "# {\nh", "", "/a/b"])
    t.notOk(looksLikeData(text), text);
});
