import t from "tap";
import { request } from "../../testing/host-state.ts";
import { machine } from "../../testing/machine-fixture.ts";
import { compareTurns, kindOfTurn, queuedRevision } from "./turn.ts";

const turn = (name: string, priority: number, revision: number) => ({
  request: request(1, { name, priority }),
  revision,
});

t.test("the highest priority comes first, and who came first among equals", async (t) => {
  const turns = [turn("late", 0, 9), turn("early", 0, 3), turn("urgent", 5, 20), turn("last", -1, 1)];
  const names = turns.sort(compareTurns).map(({ request: { name } }) => name);
  t.same(names, ["urgent", "early", "late", "last"]);
});

t.test("a machine keeps the place that was written down; a new one stands at the end", async (t) => {
  const vm = machine();
  t.equal(queuedRevision({ ...vm, metadata: { ...vm.metadata, resourceVersion: "7" } }), "7");
  t.equal(queuedRevision(machine({}, { queuedRevision: "3" })), "3");
});

t.test("machines of one kind differ in nothing but who they are", async (t) => {
  t.equal(kindOfTurn(turn("a", 0, 1)), kindOfTurn(turn("b", 0, 2)));
  t.not(kindOfTurn(turn("a", 0, 1)), kindOfTurn(turn("a", 1, 1)));
  const rules = { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "rack" }] };
  const spread = request(1, { rules } as never);
  t.equal(kindOfTurn({ request: spread, revision: 1 }), undefined);
});
