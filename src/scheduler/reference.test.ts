import t from "tap";
import { checkSamePlacements } from "../testing/same-placements.ts";

t.test("every placement is that of the reference scheduler", async () => {
  await checkSamePlacements(300);
});
