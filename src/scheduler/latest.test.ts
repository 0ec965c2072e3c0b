import t from "tap";
import { Latest } from "./latest.ts";

t.test("a value is made once for each version, and the oldest keys are forgotten", async (t) => {
  const latest = new Latest<string>(2);
  let made = 0;
  const get = (key: string, version: number) =>
    latest.get(key, version, () => {
      made += 1;
      return `${key}${version}`;
    });
  t.same([get("a", 1), get("a", 1), get("a", 2)], ["a1", "a1", "a2"]);
  t.equal(made, 2);
  get("b", 1);
  get("c", 1);
  t.equal(made, 4);
  get("a", 2);
  t.equal(made, 5, "a had to make room");
});
