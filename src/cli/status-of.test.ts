import t from "tap";
import { smallMachine } from "../testing/api-fixture.ts";
import { statusOf } from "./status-of.ts";

t.test("what a status says is read as far as it is what it should be", async (t) => {
  const nothing = { conditions: [], observedGeneration: undefined };
  t.same(statusOf(undefined), nothing);
  t.same(statusOf(smallMachine), nothing);
  t.same(statusOf({ ...smallMachine, status: { conditions: "all", observedGeneration: "2" } }), nothing);
  const ready = { type: "Ready", status: "True", reason: "Running", message: "", lastTransitionTime: "" };
  const status = { conditions: [ready, { type: "Ready" }, null], observedGeneration: 2 };
  t.same(statusOf({ ...smallMachine, status }), { conditions: [ready], observedGeneration: 2 });
});
