import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { resourcesFit } from "./resources-fit.ts";

const taken = request(5, { name: "other" });

t.test("a machine must fit beside what is promised, to the last byte", async (t) => {
  const refusal = (asked: number, changes = {}) => {
    const other = { ...taken, resources: { ...taken.resources, ...changes } };
    return refusals(resourcesFit, request(asked), snapshotOf([hostState()], [[other, "h1"]])).h1;
  };
  t.equal(refusal(3), undefined);
  t.equal(refusal(4), "with too few CPUs");
  t.equal(refusal(3, { memoryBytes: 501 }), "with too little memory");
  t.equal(refusal(3, { diskBytes: 5_001 }), "with too little disk");
});

t.test("what a machine leaves is free again, whatever its host has become in between", async (t) => {
  const snapshot = snapshotOf([hostState()], [[taken, "h1"]]);
  snapshot.setHost(hostState({ allocatable: { cpus: 6, memoryBytes: 600, diskBytes: 6_000 } }));
  t.strictSame(refusals(resourcesFit, request(2), snapshot), { h1: "with too few CPUs" });
  snapshot.forget(taken.uid);
  t.strictSame(refusals(resourcesFit, request(6), snapshot), {});
});
