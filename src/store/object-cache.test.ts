import t from "tap";
import { widget } from "../testing/widget.ts";
import { ObjectCache, storedText } from "./object-cache.ts";

function record({ value }: { readonly value: string }, revision: number) {
  return { key: "/k", value, revision, createRevision: 1 };
}

t.test("the stored text has no resourceVersion, the text handed out has the record's", async (t) => {
  const objects = new ObjectCache();
  const text = storedText(widget("a", { size: 1 }, { resourceVersion: "6" }));
  t.notMatch(text.value, "resourceVersion");
  const resource = objects.resource(record(text, 7));
  t.equal(resource.metadata.resourceVersion, "7");
  t.same(JSON.parse(objects.encoded(resource)), resource);
});

t.test("a record has one object, whether it was written or read first", async (t) => {
  const objects = new ObjectCache();
  const stored = widget("a");
  const text = storedText(stored);
  const written = record(text, 7);
  const object = objects.written(written, stored, text.headLength);
  t.equal(objects.resource(written), object);
  t.equal(objects.written(written, stored, text.headLength), object);
  t.same(JSON.parse(objects.encoded(object)), object);
  t.notHas(stored.metadata, { resourceVersion: "7" }, "what was written is not changed");
});

t.test("who reads a record that was foreseen is given what was stored, and nothing is parsed", async (t) => {
  const objects = new ObjectCache();
  const stored = widget("a", { size: 1 });
  const text = storedText(stored);
  const written = record(text, 7);
  objects.taker(stored, text.headLength)(written);
  const read = objects.resource(written);
  t.equal(read.metadata.resourceVersion, "7");
  t.equal(Reflect.get(read, "spec"), stored.spec);
  t.equal(objects.written(written, stored, text.headLength), read);
});

t.test("the text of a new status is that of an object of which nothing is known", (t) => {
  const objects = new ObjectCache();
  const first = storedText(widget("a", { size: 1, s: ',"status":' }));
  const before = objects.written(
    record(first, 7),
    widget("a", { size: 1, s: ',"status":' }),
    first.headLength,
  );
  const changed = { ...before, spec: { size: 2 } };
  const renamed = { ...before, metadata: { ...before.metadata, labels: { l: "x" } } };
  const seen = { status: { size: 1, words: ['"metadata":{', ',"status":'] } };
  for (const after of [before, changed, renamed]) {
    t.strictSame(objects.textFor(after, before), storedText(after));
    t.strictSame(objects.textFor({ ...after, ...seen }, before), storedText({ ...after, ...seen }));
  }
  const text = objects.textFor({ ...before, ...seen }, before);
  const next = objects.written(record(text, 8), { ...before, ...seen }, text.headLength);
  t.strictSame(objects.textFor({ ...next, status: undefined }, next), first, "a status may go");
  t.same(JSON.parse(objects.encoded(next)), next);
  const read = objects.resource(record(text, 9));
  t.strictSame(objects.textFor({ ...read, status: {} }, read), storedText({ ...read, status: {} }));
  t.end();
});

t.test("metadata is found in the text however its fields were ordered and whatever they say", async (t) => {
  const objects = new ObjectCache();
  const { spec, metadata, ...rest } = widget("a", { metadata: { name: "x" }, s: '"metadata":{' });
  const shuffled = { spec, ...rest, metadata: { ...metadata, labels: { l: '"metadata":{' } } };
  const resource = objects.resource(record(storedText(shuffled), 3));
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
