import t from "tap";
import type { SourceFile } from "./apply.ts";
import { isAtRest, isSameScene, type Scene } from "./at-rest.ts";
import type { Applied } from "./status.ts";

const file: SourceFile = { path: "a.yaml", manifests: [], state: "good" };
const scene: Scene = { revision: "7", device: "1", files: [file] };
const finding: Applied = {
  ...{ type: "applied", files: 1, objects: 0, device: "1", problems: [], changed: false },
  prune: { type: "nothing" },
};
const outcome = { created: 0, updates: [], deletions: [], problems: [], races: 0 };

t.test("all is at rest when there was nothing to do and nothing is wrong", async (t) => {
  t.ok(isAtRest(scene, finding, outcome));
  t.notOk(isAtRest(scene, { ...finding, changed: true }, outcome));
  t.notOk(isAtRest(scene, { ...finding, problems: [{ file: "a.yaml", message: "bad" }] }, outcome));
  t.notOk(isAtRest(scene, finding, { ...outcome, races: 1 }), "somebody else wrote");
  for (const state of ["settling", "broken"] as const) {
    t.notOk(isAtRest({ ...scene, files: [{ ...file, state }] }, finding, outcome), state);
  }
});

t.test("a scene is the same as long as store, disk and files are", async (t) => {
  t.ok(isSameScene(scene, { ...scene, files: [{ ...file }] }));
  t.notOk(isSameScene(undefined, scene));
  t.notOk(isSameScene(scene, { ...scene, revision: "8" }));
  t.notOk(isSameScene(scene, { ...scene, device: "2" }));
  t.notOk(isSameScene(scene, { ...scene, files: [] }));
  t.notOk(isSameScene(scene, { ...scene, files: [{ ...file, path: "b.yaml" }] }));
  t.notOk(isSameScene(scene, { ...scene, files: [{ ...file, manifests: [] }] }), "read anew");
  t.notOk(isSameScene(scene, { ...scene, files: [{ ...file, state: "broken" }] }));
});
