import t from "tap";
import { Pace } from "./pace.ts";

/** `size` turns at once, every `everyMs`, for so long; how long a turn takes is told between two. */
function afterBursts({ size, everyMs, forMs }: { size: number; everyMs: number; forMs: number }): number {
  const pace = new Pace();
  pace.begin(0);
  let now = 0;
  while (now < forMs) {
    now += everyMs;
    for (let turn = 0; turn < size; turn += 1) pace.turn(now);
  }
  return pace.turnMs(now + everyMs / 2, size / 2);
}

t.test("turns in bursts take as long as turns one by one", async (t) => {
  const cases = [
    { size: 1, everyMs: 10, forMs: 5000 },
    { size: 10, everyMs: 100, forMs: 5000 },
    { size: 50, everyMs: 500, forMs: 5000 },
  ];
  for (const bursts of cases) {
    const found = afterBursts(bursts);
    t.ok(found > 6 && found < 12, `${bursts.size} every ${bursts.everyMs} ms: ${found}`);
  }
});

t.test("when none come, they take ever longer", async (t) => {
  const pace = new Pace();
  pace.begin(0);
  for (let now = 0; now < 3000; now += 10) pace.turn(now);
  const before = pace.turnMs(3000, 10);
  t.ok(before < 12, String(before));
  t.ok(pace.turnMs(6000, 10) > 100);
});

t.test("what was before is forgotten, and at first nothing is known", async (t) => {
  const pace = new Pace();
  pace.begin(0);
  pace.turn(5000);
  pace.begin(6000);
  t.equal(pace.turnMs(6000, 1), 0);
  t.equal(pace.turnMs(6100, 100), 1);
});
