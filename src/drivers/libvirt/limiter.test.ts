import t from "tap";
import { Limiter } from "./limiter.ts";

t.test("only so much goes on at once, in the order of asking, and a failure frees its place", async (t) => {
  const limiter = new Limiter(2);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = gates.map((gate, index) =>
    limiter.run(async () => {
      begun.push(index);
      await gate.promise;
    }),
  );
  t.strictSame(begun, [0, 1]);
  gates[1]?.reject(new Error("broken"));
  await t.rejects(all[1] ?? Promise.resolve(), /broken/);
  t.strictSame(begun, [0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await Promise.allSettled(all);
  t.strictSame(begun, [0, 1, 2, 3]);
  t.equal(await limiter.run(async () => "free again"), "free again");
});
