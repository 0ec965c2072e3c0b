import t from "tap";
import { Scratch } from "./scratch.ts";

t.test("arrays are 0 when they are taken, and are used again after a reset", async (t) => {
  const scratch = new Scratch();
  const first = scratch.integers(3);
  const second = scratch.integers(3);
  t.not(first, second);
  first.fill(7);
  scratch.reset();
  const again = scratch.integers(3);
  t.equal(again, first);
  t.same([...again.subarray(0, 3)], [0, 0, 0]);
  t.ok(scratch.integers(5_000).length >= 5_000);
});

t.test("numbers too", async (t) => {
  const scratch = new Scratch();
  const first = scratch.floats(100);
  first[0] = 1.5;
  scratch.reset();
  t.equal(scratch.floats(50), first);
  t.equal(first[0], 0);
  t.not(scratch.floats(50), first);
});
