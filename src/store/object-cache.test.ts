import t from "tap";
import { widget } from "../testing/widget.ts";
import { ObjectCache, storedText } from "./object-cache.ts";

function record(value: string, revision: number) {
  return { key: "/k", value, revision, createRevision: 1 };
}

t.test("the stored text has no resourceVersion, the text handed out has the record's", async (t) => {
  const objects = new ObjectCache();
  const value = storedText(widget("a", { size: 1 }, { resourceVersion: "6" }));
  t.notMatch(value, "resourceVersion");
  const resource = objects.resource(record(value, 7));
  t.equal(resource.metadata.resourceVersion, "7");
  t.same(JSON.parse(objects.encoded(resource)), resource);
});

t.test("a record has one object, whether it was written or read first", async (t) => {
  const objects = new ObjectCache();
  const stored = widget("a");
  const written = record(storedText(stored), 7);
  const object = objects.written(written, stored);
  t.equal(objects.resource(written), object);
  t.equal(objects.written(written, stored), object);
  t.same(JSON.parse(objects.encoded(object)), object);
  t.notHas(stored.metadata, { resourceVersion: "7" }, "what was written is not changed");
});

t.test("who reads a record that was foreseen is given what was stored, and nothing is parsed", async (t) => {
  const objects = new ObjectCache();
  const stored = widget("a", { size: 1 });
  const written = record(storedText(stored), 7);
  objects.taker(stored)(written);
  const read = objects.resource(written);
  t.equal(read.metadata.resourceVersion, "7");
  t.equal(Reflect.get(read, "spec"), stored.spec);
  t.equal(objects.written(written, stored), read);
});

t.test("metadata is found in the text however its fields were ordered and whatever they say", async (t) => {
  const objects = new ObjectCache();
  const { spec, metadata, ...rest } = widget("a", { metadata: { name: "x" }, s: '"metadata":{' });
  const shuffled = { spec, ...rest, metadata: { ...metadata, labels: { l: '"metadata":{' } } };
  const value = storedText(shuffled);
  const resource = objects.resource(record(value, 3));
  t.match(resource, { metadata: { name: "a", resourceVersion: "3" }, spec });
});

t.test("a deleted object has the resourceVersion of its deletion", async (t) => {
  const objects = new ObjectCache();
  const last = record(storedText(widget("a", { size: 1 })), 7);
  const deleted = objects.deleted(last, 9);
  t.equal(deleted.metadata.resourceVersion, "9");
  t.same(JSON.parse(objects.encoded(deleted)), deleted);
  t.equal(objects.resource(last).metadata.resourceVersion, "7");
});
