import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { volumeBinding } from "./volume-binding.ts";

const snapshot = snapshotOf([hostState(), hostState({ name: "h2" })]);

t.test("a machine is placed where its volumes are", async (t) => {
  t.strictSame(refusals(volumeBinding, request(1, { volumeHosts: ["h2"] }), snapshot), {
    h1: "away from its volumes on h2",
  });
  t.strictSame(refusals(volumeBinding, request(1), snapshot), {});
});

t.test("a machine with volumes on two hosts, or on one that is gone, can be nowhere", async (t) => {
  for (const volumeHosts of [["h1", "h2"], ["h3"]]) {
    t.equal(Object.keys(refusals(volumeBinding, request(1, { volumeHosts }), snapshot)).length, 2);
  }
});
