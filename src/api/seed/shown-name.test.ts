import t from "tap";
import { shownName } from "./shown-name.ts";

t.test("an object is called what its maker called it, else by its name", async (t) => {
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: "test-vm-1-abc" } };
  t.equal(shownName(object), "test-vm-1-abc");
  const annotations = { "ostler.dev/seed-name": "test VM_1" };
  t.equal(shownName({ ...object, metadata: { ...object.metadata, annotations } }), "test VM_1");
});
