import t from "tap";
import { hasReason } from "../../runtime/errors.ts";
import { fieldOf, parseJson } from "./json.ts";

t.test("JSON is parsed as it is", async (t) => {
  t.same(parseJson('{"a":[1,{"b":null}]}'), { a: [1, { b: null }] });
});

t.test("bad JSON, deep JSON and keys that reach a prototype are refused without an echo", async (t) => {
  const cases = [
    "",
    "{secret",
    "[".repeat(1_000_000),
    `${'{"a":'.repeat(65)}1${"}".repeat(65)}`,
    `${"[".repeat(500_000)}${"]".repeat(500_000)}`,
    `[${"1,".repeat(100_000)}1]`,
    `{"a":[${"[],".repeat(100_000)}1]}`,
    '{"__proto__":{"admin":true}}',
    '{"a":[{"__proto__":1}]}',
    '{"\\u005f_proto__":1}',
    '{"constructor":{"prototype":{}}}',
  ];
  for (const text of cases) {
    try {
      parseJson(text);
      t.fail(`was accepted: ${text.slice(0, 40)}`);
    } catch (error) {
      t.ok(hasReason(error, "BadRequest") && !error.message.includes("secret"), text.slice(0, 40));
    }
  }
  t.equal(fieldOf({}, "admin"), undefined);
});

t.test("64 levels are not too deep", async (t) => {
  t.doesNotThrow(() => parseJson(`${"[".repeat(64)}${"]".repeat(64)}`));
});

t.test("only own fields are fields", async (t) => {
  t.equal(fieldOf({ a: 1 }, "a"), 1);
  t.equal(fieldOf({}, "toString"), undefined);
  t.equal(fieldOf([1], "length"), undefined);
  t.equal(fieldOf(null, "a"), undefined);
});
