import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import type { Snapshot } from "./snapshot.ts";

const host = (name: string, zone: string) => hostState({ name, labels: { zone } });

t.test("a host is judged once, and again only when it has changed", async (t) => {
  const snapshot = snapshotOf([host("h1", "a"), host("h2", "b")]);
  const asked: string[] = [];
  const column = () =>
    snapshot.traitColumn("zone a", ({ name, labels }) => {
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
    const column = snapshot.traitColumn(`zone ${wanted} ${round % 600}`, ({ labels }) =>
      labels.zone === wanted ? 1 : 0,
    );
    for (const row of snapshot.hosts.order()) {
      const right = snapshot.hosts.stateOf(row)?.labels.zone === wanted ? 1 : 0;
      if (column[row] !== right) t.fail(`wrong in round ${round}`);
    }
  }
});

function free(snapshot: Snapshot, key: string): Float64Array {
  const { freeCpus } = snapshot.hosts.columns;
  return snapshot.amounts.column(key, (rows, count, values) => {
    for (let index = 0; index < count; index += 1) {
      const row = rows[index] ?? 0;
      values[row] = freeCpus[row] ?? 0;
    }
  });
}

t.test("amounts follow machines that come and go and hosts that change, for every key", async (t) => {
  const snapshot = snapshotOf([host("h1", "a"), host("h2", "a")]);
  const check = (key: string) =>
    snapshot.hosts.order().every((row) => free(snapshot, key)[row] === snapshot.hosts.columns.freeCpus[row]);
  for (let round = 0; round < 1_000; round += 1) {
    const name = `h${1 + (round % 2)}`;
    if (round % 7 === 0) snapshot.setHost(hostState({ name, allocatable: request(round % 5).resources }));
    else if (round % 5 === 0) snapshot.hold("held", name, request(round % 4).resources);
    else if (round % 3 === 0) snapshot.forget(`uid-of-m${round % 4}`);
    else snapshot.assume(request(round % 3, { name: `m${round % 4}` }), name);
    if (!check(`key ${round % 200}`) || !check("always")) t.fail(`wrong in round ${round}`);
  }
  for (let index = 0; index < 100; index += 1) snapshot.setHost(host(`more-${index}`, "b"));
  t.ok(check("always"));
});
