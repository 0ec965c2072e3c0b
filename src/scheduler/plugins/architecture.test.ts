import t from "tap";
import { hostState, request } from "../../testing/host-state.ts";
import { refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { architecture } from "./architecture.ts";

const snapshot = snapshotOf([
  hostState(),
  hostState({ name: "h2", architecture: "aarch64" }),
  hostState({ name: "h3", architecture: undefined }),
]);

t.test("a machine runs where its images do, when they say what they are made for", async (t) => {
  t.strictSame(refusals(architecture, request(1), snapshot), {});
  t.strictSame(refusals(architecture, request(1, { architectures: ["aarch64"] }), snapshot), {
    h1: "of another architecture than aarch64",
    h3: "of another architecture than aarch64",
  });
});

t.test("images for two architectures run nowhere", async (t) => {
  const both = request(1, { architectures: ["aarch64", "x86_64"] });
  t.strictSame(Object.keys(refusals(architecture, both, snapshot)), ["h1", "h2", "h3"]);
});
