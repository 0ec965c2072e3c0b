import t from "tap";
import { isSystemKey, recordedPath, sourceOf } from "./origin.ts";

const object = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: {
    name: "web",
    labels: { "ostler.dev/source": "manifests" },
    annotations: { "ostler.dev/source-path": "a.yaml" },
  },
};

t.test("an object tells where it comes from", async (t) => {
  t.equal(sourceOf(object), "manifests");
  t.equal(recordedPath(object), "a.yaml");
  t.equal(sourceOf(undefined), undefined);
  t.equal(recordedPath({ ...object, metadata: { name: "web" } }), undefined);
});

t.test("keys of Ostler's own are told from those of people", async (t) => {
  t.ok(isSystemKey("ostler.dev/source"));
  t.notOk(isSystemKey("app"));
  t.notOk(isSystemKey("example.org/ostler.dev/"));
});
