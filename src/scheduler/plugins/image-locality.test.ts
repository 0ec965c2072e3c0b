import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { imageLocality } from "./image-locality.ts";

const contents = [
  { volume: "disk", bytes: 300 },
  { volume: "kernel", bytes: 100 },
];

t.test("the points are the share of the bytes that the host holds already", async (t) => {
  const snapshot = snapshotOf([
    hostState({ contents: new Set(["disk", "other"]) }),
    hostState({ name: "h2", contents: new Set(["kernel"]) }),
    hostState({ name: "h3", contents: new Set(["kernel", "disk"]) }),
  ]);
  const machine = request(1, { contents });
  t.strictSame(pointsOf(imageLocality, machine, snapshot), { h1: 75, h2: 25, h3: 100 });
  snapshot.setHost(hostState({ contents: new Set() }));
  snapshot.removeHost("h2");
  t.strictSame(pointsOf(imageLocality, machine, snapshot), { h1: 0, h3: 100 });
  t.strictSame(pointsOf(imageLocality, request(1), snapshot), {});
});
