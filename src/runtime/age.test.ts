import t from "tap";
import { formatAge } from "./age.ts";

t.test("a duration is shown in its one or two largest units, as Kubernetes does", async (t) => {
  const cases: readonly (readonly [seconds: number, text: string])[] = [
    [-5, "0s"],
    [0, "0s"],
    [119, "119s"],
    [125, "2m5s"],
    [600, "10m"],
    [3 * 3600 - 1, "179m"],
    [3 * 3600, "3h"],
    [5 * 3600 + 120, "5h2m"],
    [47 * 3600, "47h"],
    [49 * 3600, "2d1h"],
    [10 * 86_400, "10d"],
    [3 * 365 * 86_400, "3y"],
  ];
  for (const [seconds, text] of cases) t.equal(formatAge(seconds * 1000), text);
});
