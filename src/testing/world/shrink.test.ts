import t from "tap";
import { shrink } from "./shrink.ts";

t.test("what is left is what it takes to fail, in its order", async (t) => {
  const numbers = Array.from({ length: 40 }, (_, index) => index);
  const needs = (wanted: readonly number[]) => async (some: readonly number[]) =>
    wanted.every((one) => some.includes(one));
  for (const wanted of [[], [7], [0, 39], [3, 4, 5], [1, 20, 38]]) {
    t.strictSame(await shrink(numbers, needs(wanted)), wanted);
  }
});

t.test("it asks no more often than it may", async (t) => {
  let asked = 0;
  const fails = async (some: readonly number[]): Promise<boolean> => {
    asked += 1;
    return some.length > 30;
  };
  await shrink(
    Array.from({ length: 100 }, (_, index) => index),
    fails,
    25,
  );
  t.equal(asked, 25);
});
