import t from "tap";
import type { InstanceType } from "../schema/instance-type.ts";
import { typesToLoad } from "./type-objects.ts";
import { parseTypesFile } from "./types-file.ts";

const load = (text: string, existing: readonly InstanceType[] = []) =>
  typesToLoad(parseTypesFile(text).entries, existing);

function objects(text: string, existing: readonly InstanceType[] = []) {
  return load(text, existing).map((wanted) => {
    if ("message" in wanted) throw new Error(wanted.message);
    return wanted.after;
  });
}

t.test("a size becomes an InstanceType in MiB and GiB", async (t) => {
  t.match(objects("[{cpu: 2, ram: 1024, disk: 3}, {cpu: 1, ram: 512}, {cpu: 1, ram: 512, disk: 0.1}]"), [
    { metadata: { name: "cpu2-ram1024-disk3" }, spec: { cpus: 2, memory: "1024Mi", disk: "3Gi" } },
    { metadata: { name: "cpu1-ram512-disk0" }, spec: { cpus: 1, memory: "512Mi", disk: undefined } },
    { metadata: { name: "cpu1-ram512-disk0.1" }, spec: { disk: "103Mi" } },
  ]);
});

t.test("a type with a tid is known by it and may change its size", async (t) => {
  const before = objects("[{tid: 7, cpu: 1, ram: 512}]");
  t.match(before, [{ metadata: { name: "type-7", annotations: { "ostler.dev/seed-wanted-id": "7" } } }]);
  t.equal(objects("[{tid: 7, cpu: 1, ram: 512}]", before)[0], before[0]);
  t.match(objects("[{tid: 7, cpu: 2, ram: 512}]", before), [
    { metadata: { name: "type-7" }, spec: { cpus: 2 } },
  ]);
  const { annotations: _none, ...metadata } = Object(before[0]?.metadata);
  const others = before.map((type) => ({ ...type, metadata }));
  t.match(load("[{tid: 7, cpu: 2, ram: 512}]", others), [
    { line: 1, message: /another InstanceType "type-7"/ },
  ]);
});

t.test("a type without a tid is known by its size: another size is another type", async (t) => {
  const before = objects("[{cpu: 1, ram: 512}, {cpu: 1, ram: 512}]");
  t.same(
    before.map(({ metadata }) => metadata.name),
    ["cpu1-ram512-disk0", "cpu1-ram512-disk0-2"],
  );
  t.same(objects("[{cpu: 1, ram: 512}, {cpu: 1, ram: 512}]", before), before);
  t.match(objects("[{cpu: 1, ram: 513}]", before), [{ metadata: { name: "cpu1-ram513-disk0" } }]);
});
