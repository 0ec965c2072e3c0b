import t from "tap";
import { killLoop } from "./kill-loop.ts";

t.test("a store that is killed at any moment keeps what it acknowledged", async (t) => {
  const report = await killLoop(t.testdir(), 20, 150);
  t.same(report.problems, []);
  t.ok(report.acknowledged > 1000, `${report.acknowledged} acknowledged, ${report.inDoubt} in doubt`);
});
