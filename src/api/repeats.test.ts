import t from "tap";
import { Repeats } from "./repeats.ts";

const limits = { burst: 100, perSecond: 10 };

t.test("a hundred at once are told, then ten a second, each key by itself", async (t) => {
  const repeats = new Repeats(limits);
  const tooMany = (count: number, now: number, key = "a"): number =>
    Array.from({ length: count }, () => repeats.note(key, now)).filter((found) => found.isTooMany).length;
  t.equal(tooMany(100, 0), 0);
  t.equal(tooMany(30, 0), 30);
  t.equal(tooMany(1, 0, "b"), 0);
  t.same(repeats.note("a", 1000), { isTooMany: false, suppressed: 30 });
  t.equal(tooMany(14, 1000), 5);
  t.equal(tooMany(105, 1_000_000), 5, "no more than a burst is saved up");
});

t.test("only so many keys are remembered", async (t) => {
  const repeats = new Repeats(limits);
  for (let count = 0; count < 105; count += 1) repeats.note("first", 0);
  for (let index = 0; index < 10_001; index += 1) repeats.note(`other-${index}`, 0);
  t.same(repeats.note("first", 0), { isTooMany: false, suppressed: 0 });
});
