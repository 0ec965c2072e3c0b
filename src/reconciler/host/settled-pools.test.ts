import t from "tap";
import { settledPools } from "./settled-pools.ts";

const gib = 2 ** 30;

function pool(name: string, capacityGib: number, allocatedGib: number) {
  const [capacityBytes, allocatedBytes] = [capacityGib * gib, allocatedGib * gib];
  return { name, capacityBytes, allocatedBytes, availableBytes: capacityBytes - allocatedBytes };
}

t.test("what moved by less than a gigabyte, or a fiftieth, stands as it was written", async (t) => {
  const before = [pool("small", 10, 1), pool("big", 1000, 100)];
  t.strictSame(settledPools(before, [pool("small", 10, 1.9), pool("big", 1000, 119)]), before);
  const moved = [pool("small", 10, 2), pool("big", 1000, 120)];
  t.strictSame(settledPools(before, moved), moved);
});

t.test("a pool that grew, came or went is told of at once", async (t) => {
  t.strictSame(settledPools([pool("a", 10, 1)], [pool("a", 11, 1), pool("b", 1, 0)]), [
    pool("a", 11, 1),
    pool("b", 1, 0),
  ]);
  t.strictSame(settledPools([pool("a", 10, 1), pool("b", 1, 0)], [pool("a", 10, 1)]), [pool("a", 10, 1)]);
});
