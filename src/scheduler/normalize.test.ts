import t from "tap";
import { addPoints, leftOut, type Normalization, settled } from "./normalize.ts";

const cases: readonly [string, Normalization | undefined, number[], number[]][] = [
  ["values that are points", undefined, [1, 4, 2], [1, 4, 2]],
  ["the highest is 100", "highestBest", [1, 4, 2], [25, 100, 50]],
  ["nothing stays nothing", "highestBest", [0, 0], [0, 0]],
  ["the lowest is best", "lowestBest", [0, 4, 1], [100, 0, 75]],
  ["none at all is best", "lowestBest", [0, 0], [100, 100]],
  ["from lowest to highest", "stretch", [-10, 10, 0], [0, 100, 50]],
  ["all the same", "stretch", [7, 7], [0, 0]],
  ["the evenest", "evenest", [4, 2, leftOut, 3], [50, 100, 0, 75]],
  ["all even", "evenest", [0, 0, leftOut], [100, 100, 0]],
];

t.test("values are brought to 0 to 100", async (t) => {
  for (const [name, normalization, values, points] of cases) {
    const rows = Int32Array.from(values, (_, row) => row);
    const totals = new Float64Array(rows.length);
    addPoints(totals, Float64Array.from(values), { rows, count: rows.length }, 1, normalization);
    t.same([...totals], points, name);
  }
});

t.test("points times weight are added, for the rows that are asked for", async (t) => {
  const totals = Float64Array.of(10, 20, 30);
  const rows = Int32Array.of(3, 1, 0);
  addPoints(totals, Float64Array.of(99, 2, 99, 4), { rows, count: 2 }, -2, "highestBest");
  t.same([...totals], [10 - 200, 20 - 100, 30]);
});

t.test("sums that are equal on paper are equal", async (t) => {
  t.not(0.1 + 0.2, 0.3);
  t.equal(settled(0.1 + 0.2), settled(0.3));
  t.equal(settled(1e13 + 0.5), 1e13 + 0.5);
  t.ok(settled(50.001) > settled(50));
});
