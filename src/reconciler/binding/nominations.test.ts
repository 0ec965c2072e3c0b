import t from "tap";
import { spread } from "../../scheduler/policies.ts";
import type { PlacementRequest } from "../../scheduler/request.ts";
import { hostState, request } from "../../testing/host-state.ts";
import { snapshotOf } from "../../testing/scheduler-fixture.ts";
import { Nominations } from "./nominations.ts";

const light = (name: string, cpus: number, priority: number): PlacementRequest =>
  request(cpus, { name, priority, resources: { cpus, memoryBytes: cpus * 100, diskBytes: 0 } });
const low = light("low", 8, 0);
const high = light("high", 4, 5);

function fixture() {
  const snapshot = snapshotOf([hostState({ name: "h1" })], [[low, "h1"]]);
  const free = () => snapshot.hosts.columns.freeCpus[snapshot.hosts.rowOf("h1") ?? -1];
  return { snapshot, free, nominations: new Nominations(snapshot) };
}

t.test("who makes room is told why, once chosen, and is not chosen anew while under way", async (t) => {
  const { nominations } = fixture();
  t.equal(nominations.reasonAgainst(low.uid), undefined);
  t.match(nominations.make(high, spread), { isNew: true, nomination: { hostName: "h1" } });
  t.match(nominations.make(high, spread), { isNew: false });
  t.match(nominations.reasonAgainst(low.uid), /default\/high of priority 5 .* its own priority is 0/);
});

t.test("the room is held against equals and lesser ones, and free for itself and greater ones", async (t) => {
  const { nominations, snapshot, free } = fixture();
  nominations.make(high, spread);
  snapshot.forget(low.uid);
  t.equal(free(), 4);
  t.equal(nominations.asSeenBy(light("equal", 1, 5), free), 4);
  t.equal(nominations.asSeenBy(high, free), 8);
  t.equal(nominations.asSeenBy(light("greater", 1, 6), free), 8);
  t.equal(free(), 4, "held again");
  nominations.end(high.uid);
  t.equal(free(), 8);
});

t.test(
  "when all have made room and it still does not fit, or the host is away, it is thought over",
  async (t) => {
    const { nominations, snapshot } = fixture();
    nominations.make(high, spread);
    snapshot.setHost(hostState({ name: "h1", ready: false }));
    t.equal(nominations.make(high, spread), undefined);
    t.equal(nominations.reasonAgainst(low.uid), undefined);
  },
);

t.test("who has made room and runs elsewhere is not asked to leave again", async (t) => {
  const { nominations, snapshot } = fixture();
  snapshot.setHost(hostState({ name: "h2" }));
  nominations.make(high, spread);
  snapshot.assume(low, "h2");
  t.equal(nominations.reasonAgainst(low.uid), undefined);
});

t.test("without anybody of lower priority nobody is chosen", async (t) => {
  const { nominations } = fixture();
  t.equal(nominations.make(light("equal", 4, 0), spread), undefined);
});
