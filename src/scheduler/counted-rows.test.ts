import * as fc from "fast-check";
import t from "tap";
import { CountedRows } from "./counted-rows.ts";

t.test("the counts are those of a plain map, and hosts with none are not among them", async () => {
  const changes = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: -2, max: 2 })));
  await fc.assert(
    fc.property(changes, (all) => {
      const counted = new CountedRows();
      const truth = new Map<number, number>();
      for (const [row, change] of all) {
        counted.add(row, change);
        truth.set(row, (truth.get(row) ?? 0) + change);
        if (truth.get(row) === 0) truth.delete(row);
      }
      const places = Array.from({ length: counted.size }, (_, place) => place);
      const found = new Map(places.map((place) => [counted.rows[place] ?? -1, counted.counts[place]]));
      return found.size === truth.size && [...truth].every(([row, count]) => found.get(row) === count);
    }),
  );
});
