import t from "tap";
import { spread } from "../../scheduler/policies.ts";
import { Profiles } from "./profiles.ts";

t.test("a policy is made ready once, and who names none gets the default", async (t) => {
  const profiles = new Profiles(spread);
  t.equal(profiles.of({}), spread);
  const policy = { type: "BinPacking" } as const;
  t.equal(profiles.of({ policy }).name, "BinPacking");
  t.equal(profiles.of({ policy }), profiles.of({ policy }));
  t.equal(profiles.of({ policy: { type: "RoundRobin" } }).name, "RoundRobin");
});
