import t from "tap";
import { domain, machine, uid } from "../../testing/machine-fixture.ts";
import { DomainSightings } from "./domain-sightings.ts";

const running = domain(machine(), { state: "running", reason: "booted" });
const seenOnce = (): DomainSightings => {
  const seen = new DomainSightings(() => {});
  seen.see(seen.begin(), uid, running);
  return seen;
};

t.test("a hint at what has been seen already is no doubt, any other is", async (t) => {
  t.equal(seenOnce().heed(uid, { state: "running", reason: "booted" }), false);
  t.equal(seenOnce().heed(uid, { state: "running", reason: "unpaused" }), true);
  t.equal(seenOnce().heed(uid, { state: "paused", reason: "booted" }), true);
  t.equal(seenOnce().heed(uid, undefined), true);
  t.equal(seenOnce().heed("another", { state: "running", reason: "booted" }), true);
});

t.test("a namesake is a domain of the same name and another uid", async (t) => {
  const seen = seenOnce();
  t.equal(seen.namesake(running.domainName, uid), undefined);
  t.equal(seen.namesake(running.domainName, "another"), running);
  t.equal(seen.namesake("no such name", "another"), undefined);
});
