import t from "tap";
import { RateWatch } from "./rate-watch.ts";

function setUp() {
  let nowMs = 0;
  const breaches: string[] = [];
  const watch = new RateWatch({
    complain: (id, what) => void breaches.push(`${id} ${what}`),
    now: () => nowMs,
  });
  const done = (name: string, times: number, everyMs: number): void => {
    for (let count = 0; count < times; count++, nowMs += everyMs)
      watch.seen(name, () => `${name} is written`);
  };
  return { breaches, done };
}

t.test("what is done again and again is a breach, told once", async (t) => {
  const { breaches, done } = setUp();
  done("h1", 1000, 1);
  t.strictSame(breaches, ["L6 h1 is written 60 times within 59 ms"]);
});

t.test("much that is done, of many or over a long time, is none", async (t) => {
  const { breaches, done } = setUp();
  for (let index = 0; index < 100; index++) done(`h${index}`, 20, 1);
  done("slow", 1000, 200);
  t.strictSame(breaches, []);
});
