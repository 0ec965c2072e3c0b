import t from "tap";
import { checkSamePlacements } from "../testing/same-placements.ts";

t.test("in 10,000 random clusters every placement is that of the reference scheduler", async () => {
  await checkSamePlacements(10_000);
});
