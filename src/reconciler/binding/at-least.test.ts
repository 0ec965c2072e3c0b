import t from "tap";
import { atLeast } from "./at-least.ts";

t.test("there is room for either in the larger of each amount", async (t) => {
  const asked = { cpus: 1, memoryBytes: 5, diskBytes: 3 };
  const allocated = { cpus: 2, memoryBytes: 4, diskBytes: 3 };
  t.same(atLeast(asked, allocated), { cpus: 2, memoryBytes: 5, diskBytes: 3 });
  t.same(atLeast(allocated, asked), { cpus: 2, memoryBytes: 5, diskBytes: 3 });
});
