import t from "tap";
import { spread } from "../../scheduler/policies.ts";
import { Snapshot } from "../../scheduler/snapshot.ts";
import { hostState, request } from "../../testing/host-state.ts";
import { hostsThatFit } from "./hosts-that-fit.ts";

t.test("a machine fits where it is, too, and not where there is no room", async (t) => {
  const snapshot = new Snapshot();
  for (const name of ["h1", "h2", "h3"]) snapshot.setHost(hostState({ name }));
  const machine = request(8, { name: "web" });
  snapshot.assume(machine, "h1");
  snapshot.assume(request(8, { name: "other" }), "h2");
  t.same(hostsThatFit(machine, spread, snapshot), ["h1", "h3"]);
  t.equal(snapshot.placed(machine.uid)?.hostName, "h1");
});
