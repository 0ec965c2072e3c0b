import t from "tap";
import { FailedLogins } from "./failed-logins.ts";

t.test("a hundred failures at once are answered, then ten a second, each address by itself", async (t) => {
  const logins = new FailedLogins();
  const slowed = (count: number, now: number, address = "a"): number =>
    Array.from({ length: count }, () => logins.failed(address, now)).filter((found) => found.slowed).length;
  t.equal(slowed(100, 0), 0);
  t.equal(slowed(30, 0), 30);
  t.equal(slowed(1, 0, "b"), 0);
  t.same(logins.failed("a", 1000), { slowed: false, suppressed: 30 });
  t.equal(slowed(14, 1000), 5);
  t.equal(slowed(105, 1_000_000), 5, "no more than a burst is saved up");
});

t.test("only so many addresses are remembered", async (t) => {
  const logins = new FailedLogins();
  for (let count = 0; count < 105; count += 1) logins.failed("first", 0);
  for (let index = 0; index < 10_001; index += 1) logins.failed(`other-${index}`, 0);
  t.same(logins.failed("first", 0), { slowed: false, suppressed: 0 });
});
