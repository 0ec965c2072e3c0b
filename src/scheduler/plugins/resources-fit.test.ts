import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { resourcesFit } from "./resources-fit.ts";

t.test("a machine must fit beside what is promised, to the last byte", async (t) => {
  const { resources: allocated } = request(5);
  t.equal(resourcesFit.reject(request(3), hostState({ allocated })), undefined);
  t.equal(resourcesFit.reject(request(4), hostState({ allocated })), "with too few CPUs");
  const memory = hostState({ allocated: { ...allocated, memoryBytes: 501 } });
  t.equal(resourcesFit.reject(request(3), memory), "with too little memory");
  const disk = hostState({ allocated: { ...allocated, diskBytes: 5_001 } });
  t.equal(resourcesFit.reject(request(3), disk), "with too little disk");
});
