import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { leastAllocated } from "./least-allocated.ts";

t.test("the score is the share of CPUs and memory that would be left", async (t) => {
  t.equal(leastAllocated.score(request(0), hostState()), 100);
  t.equal(leastAllocated.score(request(2), hostState()), 75);
  t.equal(leastAllocated.score(request(2), hostState({ allocated: request(4).resources })), 25);
  t.equal(leastAllocated.score(request(8), hostState()), 0);
  const lopsided = hostState({ allocated: { cpus: 0, memoryBytes: 800, diskBytes: 0 } });
  t.equal(leastAllocated.score(request(0), lopsided), 50);
});

t.test("a host with nothing, or with less than was promised, scores 0", async (t) => {
  const nothing = hostState({ allocatable: { cpus: 0, memoryBytes: 0, diskBytes: 0 } });
  t.equal(leastAllocated.score(request(0), nothing), 0);
  t.equal(leastAllocated.score(request(1), hostState({ allocated: request(99).resources })), 0);
});
