import t from "tap";
import { hasReason } from "../../runtime/errors.ts";
import { readShortYaml } from "./short-yaml.ts";

t.test("what is short is read", async (t) => {
  t.match(readShortYaml("a: 1\n---\nb: [2]\n"), [{ value: { a: 1 } }, { value: { b: [2] } }]);
});

t.test("what is long is not looked at, and what has many words is given up", async (t) => {
  try {
    readShortYaml(`a: ${"x".repeat(256 * 1024)}`);
    t.fail("was read");
  } catch (error) {
    t.ok(hasReason(error, "RequestEntityTooLarge"));
  }
  t.match(readShortYaml(`a: [${"1,".repeat(15_000)}1]`), [{ type: "problem", message: /too long/ }]);
});
