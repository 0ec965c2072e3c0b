import t from "tap";
import { Places } from "./places.ts";

t.test("who finds no place is called when one comes free, first come first served", async (t) => {
  const called: string[] = [];
  const places = new Places(2, (name) => called.push(name));
  t.ok(places.enter("a"));
  t.ok(places.enter("b"));
  t.notOk(places.enter("c"));
  t.notOk(places.enter("d"));
  t.notOk(places.enter("c"), "asking again changes nothing");
  places.leave("a");
  t.same(called, ["c"]);
  t.ok(places.enter("c"));
  places.leave("b");
  places.leave("c");
  t.same(called, ["c", "d"]);
});

t.test("a place that was given back is free", async (t) => {
  const places = new Places(1, () => {});
  for (let round = 0; round < 3; round++) {
    t.ok(places.enter("a"));
    places.leave("a");
  }
});

t.test("who has a place is known, and who gives it back is told of before another is called", async (t) => {
  const said: string[] = [];
  const places = new Places(
    1,
    (name) => said.push(`call ${name}`),
    (name) => said.push(`left ${name}`),
  );
  t.ok(places.enter("a"));
  t.notOk(places.enter("b"));
  t.same([places.has("a"), places.has("b")], [true, false]);
  places.leave("a");
  t.notOk(places.has("a"));
  t.same(said, ["left a", "call b"]);
});
