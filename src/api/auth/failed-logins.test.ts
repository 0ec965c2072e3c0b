import t from "tap";
import { Repeats } from "../repeats.ts";
import { failedLogins } from "./failed-logins.ts";

t.test("an address has a hundred failures at once, and ten more each second", async (t) => {
  const repeats = new Repeats(failedLogins);
  const told = (now: number) =>
    Array.from({ length: 200 }, () => repeats.note("a", now)).filter(({ isTooMany }) => !isTooMany).length;
  t.equal(told(0), 100);
  t.equal(told(1000), 10);
});
