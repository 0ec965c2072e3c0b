import t from "tap";
import { greatest, highestBest, lowestBest, stretch } from "./normalize.ts";

type Change = (points: Float64Array, count: number) => void;

const cases: readonly [string, Change, number[], number[]][] = [
  ["the highest is 100", highestBest, [1, 4, 2], [25, 100, 50]],
  ["nothing stays nothing", highestBest, [0, 0], [0, 0]],
  ["the lowest is best", lowestBest, [0, 4, 1], [100, 0, 75]],
  ["none at all is best", lowestBest, [0, 0], [100, 100]],
  ["from lowest to highest", stretch, [-10, 10, 0], [0, 100, 50]],
  ["all the same", stretch, [7, 7], [0, 0]],
];

t.test("points are brought to 0 to 100", async (t) => {
  for (const [name, change, before, after] of cases) {
    const points = Float64Array.from(before);
    change(points, points.length);
    t.same([...points], after, name);
  }
});

t.test("only the first ones count", async (t) => {
  t.equal(greatest(Float64Array.of(1, 2, 9), 2), 2);
  const points = Float64Array.of(1, 2, 9);
  highestBest(points, 2);
  t.same([...points], [50, 100, 9]);
});
