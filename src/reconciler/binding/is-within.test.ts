import t from "tap";
import { isWithin } from "./is-within.ts";

const promised = { cpus: 2, memoryBytes: 2, diskBytes: 2 };

t.test("as much as was promised is within, more of anything is not", async (t) => {
  t.ok(isWithin(promised, promised));
  t.ok(isWithin({ ...promised, cpus: 1 }, promised));
  for (const key of ["cpus", "memoryBytes", "diskBytes"]) {
    t.notOk(isWithin({ ...promised, [key]: 3 }, promised), key);
  }
});
