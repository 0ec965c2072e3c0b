import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { hostSelector } from "./host-selector.ts";

t.test("a host must have every label that is asked for", async (t) => {
  const snapshot = snapshotOf([
    hostState({ labels: { disk: "ssd", zone: "a" } }),
    hostState({ name: "h2", labels: { disk: "ssd" } }),
    hostState({ name: "h3" }),
  ]);
  const machine = request(1, { rules: { hostSelector: { disk: "ssd", zone: "a" } } });
  t.strictSame(refusals(hostSelector, machine, snapshot), {
    h2: "without label zone=a",
    h3: "without label disk=ssd, zone=a",
  });
  snapshot.setHost(hostState({ name: "h3", labels: { disk: "ssd", zone: "a" } }));
  t.strictSame(Object.keys(refusals(hostSelector, machine, snapshot)), ["h2"]);
});

t.test("a host is chosen by its name through the label that every host has", async (t) => {
  const snapshot = snapshotOf([hostState(), hostState({ name: "h2" })]);
  const machine = request(1, { rules: { hostSelector: { "ostler.dev/hostname": "h2" } } });
  t.strictSame(Object.keys(refusals(hostSelector, machine, snapshot)), ["h1"]);
  t.equal(hostSelector.prepare(request(1, { rules: { hostSelector: {} } }), snapshot), undefined);
});
