import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { eligibleHosts, fewest, spreadState } from "./spread.ts";

const constraint = {
  maxSkew: 1,
  topologyKey: "zone",
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: { matchLabels: { app: "web" } },
} as const;
const web = request(1, { labels: { app: "web" } });
const hosts = ["a", "a", "b"].map((zone, index) => hostState({ name: `h${index}`, labels: { zone } }));

t.test("the chosen machines are counted by place, and the fewest are found", async (t) => {
  const snapshot = snapshotOf(
    [...hosts, hostState({ name: "x" })],
    [
      [{ ...web, uid: "1" }, "h0"],
      [{ ...web, uid: "2" }, "h1"],
      [{ ...web, uid: "3" }, "h2"],
    ],
  );
  const eligible = eligibleHosts(web, [constraint], snapshot);
  const state = spreadState(constraint, web, eligible, snapshot);
  t.same([...state.counts.subarray(0, 2)], [2, 1]);
  t.equal(state.self, 1);
  t.equal(fewest(state, eligible, snapshot), 1);
  t.equal(fewest({ ...state, constraint: { ...constraint, minDomains: 3 } }, eligible, snapshot), 0);
});

t.test("a place whose last host has gone counts no more", async (t) => {
  const snapshot = snapshotOf(hosts, [[web, "h0"]]);
  const lowest = () => {
    const eligible = eligibleHosts(web, [constraint], snapshot);
    return fewest(spreadState(constraint, web, eligible, snapshot), eligible, snapshot);
  };
  t.equal(lowest(), 0);
  snapshot.removeHost("h2");
  t.equal(lowest(), 1);
});
