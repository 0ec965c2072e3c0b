import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { hostUnschedulable } from "./host-unschedulable.ts";

t.test("a cordoned host takes no machine", async (t) => {
  t.equal(hostUnschedulable.reject(request(1), hostState()), undefined);
  t.equal(hostUnschedulable.reject(request(1), hostState({ unschedulable: true })), "cordoned");
});
