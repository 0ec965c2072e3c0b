import t from "tap";
import { Lazy } from "./lazy.ts";

t.test("it is made when it is first needed, once for all who ask", async (t) => {
  let made = 0;
  const lazy = new Lazy(async () => {
    made += 1;
    return { made };
  });
  t.equal(made, 0);
  const [first, second] = await Promise.all([lazy.get(), lazy.get()]);
  t.equal(first, second);
  t.equal(await lazy.get(), first);
  t.equal(made, 1);
});

t.test("what could not be made is tried again", async (t) => {
  let attempts = 0;
  const lazy = new Lazy(async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("not yet");
    return attempts;
  });
  await t.rejects(lazy.get(), /not yet/);
  t.equal(await lazy.get(), 2);
});
