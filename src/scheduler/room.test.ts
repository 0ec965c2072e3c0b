import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { lackingMoves, lackingReduction } from "./room.ts";

const machines = [1, 2, 4].map((cpus) => [request(cpus, { name: `m${cpus}` }), "h1"] as const);
const snapshot = snapshotOf([hostState()], machines);
const names = (cpus: number) =>
  lackingMoves(request(cpus).resources, 0, snapshot)?.map((machine) => machine.request.name);

t.test("what is lacking, and its largest share of what is asked for", async (t) => {
  t.equal(lackingReduction(request(1).resources, 0, snapshot), undefined);
  t.same(lackingReduction({ cpus: 2, memoryBytes: 400, diskBytes: 0 }, 0, snapshot), {
    lacking: { cpus: 1, memoryBytes: 300, diskBytes: 0 },
    share: 0.75,
  });
});

t.test("the smallest machine that is enough alone leaves, else few large ones", async (t) => {
  t.same(names(1), ["m1"]);
  t.same(names(2), ["m2"]);
  t.same(names(3), ["m4"]);
  t.same(names(5), ["m4", "m2"]);
  t.same(names(7), ["m4", "m2", "m1"]);
  t.equal(names(8), undefined);
});
