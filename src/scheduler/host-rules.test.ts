import t from "tap";
import { hostState } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";

const host = (name: string, zone: string) => hostState({ name, labels: { zone } });

t.test("a rule is asked once for each host, and again only for hosts that changed", async (t) => {
  const snapshot = snapshotOf([host("h1", "a"), host("h2", "b")]);
  const asked: string[] = [];
  const column = () =>
    snapshot.rules.column("zone a", ({ name, labels }) => {
      asked.push(name);
      return labels.zone === "a" ? 1 : 0;
    });
  const verdicts = () => ["h1", "h2"].map((name) => column()[snapshot.hosts.rowOf(name) ?? -1]);
  t.same(verdicts(), [1, 0]);
  t.same(asked.splice(0), ["h1", "h2"]);
  snapshot.setHost({ ...host("h1", "a"), ready: false });
  t.same(verdicts(), [1, 0]);
  t.same(asked.splice(0), [], "what rules cannot see does not matter");
  snapshot.setHost(host("h2", "a"));
  t.same(verdicts(), [1, 1]);
  t.same(asked.splice(0), ["h2"]);
  snapshot.removeHost("h2");
  t.equal(column()[1], 0);
});

t.test("verdicts are right after any number of changes, rules and hosts", async (t) => {
  const snapshot = snapshotOf([]);
  for (let round = 0; round < 2_000; round += 1) {
    snapshot.setHost(host(`h${round % 40}`, String(round % 7)));
    const wanted = String(round % 3);
    const column = snapshot.rules.column(`zone ${wanted} ${round % 600}`, ({ labels }) =>
      labels.zone === wanted ? 1 : 0,
    );
    for (const row of snapshot.hosts.order()) {
      const right = snapshot.hosts.stateOf(row)?.labels.zone === wanted ? 1 : 0;
      if (column[row] !== right) t.fail(`wrong in round ${round}`);
    }
  }
});
