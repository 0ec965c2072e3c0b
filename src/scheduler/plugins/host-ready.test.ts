import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { hostReady } from "./host-ready.ts";

t.test("only hosts that answer and are known well enough are taken", async (t) => {
  t.equal(hostReady.reject(request(1), hostState()), undefined);
  t.equal(hostReady.reject(request(1), hostState({ ready: false })), "not ready");
  t.equal(
    hostReady.reject(request(1), hostState({ acceleratorKnown: false })),
    "with no known accelerator yet",
  );
});
