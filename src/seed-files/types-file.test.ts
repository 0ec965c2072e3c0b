import t from "tap";
import { parseTypesFile } from "./types-file.ts";

const small = { cpus: 1, megabytes: 512, diskGigabytes: 1 };

const forms: readonly (readonly [string, string, unknown])[] = [
  ["with tids", '{"types": [{"tid": 7, "cpu": 1, "ram": 512, "disk": 1}]}', { tid: 7, ...small }],
  ["without tids", '{"types": [{"cpu": 1, "ram": 512, "disk": 1}]}', small],
  ["without braces, a comma after it", '"types": [{"cpu": 1, "ram": 512, "disk": 1},],\n', small],
  ["in Python's quotes", "{'types': [{'cpu': 1, 'ram': 512, 'disk': 1}]}", small],
  ["without a disk", "{'types': [{'cpu': 1, 'ram': 512}]}", { ...small, diskGigabytes: 0 }],
  [
    "with a fraction of a GB",
    "{'types': [{'cpu': 1, 'ram': 512, 'disk': 0.5}]}",
    { ...small, diskGigabytes: 0.5 },
  ],
  ["with numbers as texts", "{'types': [{'cpu': '1', 'ram': '512', 'disk': '1'}]}", small],
  ["called flavors", "{'flavors': [{'cpu': 1, 'ram': 512, 'disk': 1}]}", small],
  ["as a bare list", "[{'cpu': 1, 'ram': 512, 'disk': 1}]", small],
];
for (const [what, text, entry] of forms) {
  t.test(`types are read ${what}`, async (t) => {
    t.same(parseTypesFile(text), { entries: [{ line: 1, ...Object(entry) }], problems: [], notes: [] });
  });
}

const wrong: readonly (readonly [string, RegExp])[] = [
  ['{"cpu": 0, "ram": 512}', /"cpu" is a whole number from 1 to 512, not 0/],
  ['{"cpu": 1.5, "ram": 512}', /"cpu" is a whole number/],
  ['{"cpu": 1, "ram": -1}', /"ram" is a whole number/],
  ['{"cpu": 1}', /"ram" is missing/],
  ['{"cpu": 1, "ram": "many"}', /not "many"/],
  ['{"cpu": 1, "ram": 512, "disk": -1}', /"disk" is a number from 0/],
  ['{"cpu": 1, "ram": 512, "tid": 0}', /"tid" is a whole number from 1/],
  ['{"cpu": 1, "ram": 512, "tid": 1e99}', /"tid"/],
  ["5", /a type is written/],
  ['{"cpu": true, "ram": 512}', /not true/],
];
for (const [item, message] of wrong) {
  t.test(`${item} is refused, with its line`, async (t) => {
    const text = `{"types": [\n{"cpu": 1, "ram": 512},\n${item}\n]}`;
    t.match(parseTypesFile(text).problems, [{ line: 3, message }]);
  });
}

t.test("a tid is nobody else's", async (t) => {
  const text = '"types": [\n{"tid": 1, "cpu": 1, "ram": 1},\n{"tid": 1, "cpu": 2, "ram": 2}],';
  t.match(parseTypesFile(text).problems, [{ line: 3, message: "tid 1 is in line 2 as well" }]);
});

t.test("what is not understood is told and stops nothing; what is no list of types does", async (t) => {
  t.match(parseTypesFile("{'types': [{'cpu': 1, 'ram': 1,\n'name': 'x'}]}"), {
    entries: [{}],
    notes: [{ line: 2, message: '"name" means nothing here' }],
  });
  for (const text of ["", "{}", "[]", "{'types': []}", "{'types': 5}", "{'types': [", "hello"]) {
    t.match(parseTypesFile(text), { entries: [], problems: [{ line: Number, message: String }] }, text);
  }
});
