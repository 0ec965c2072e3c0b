import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";

const web = `${machinesPath}/web`;
const json = "application/json-patch+json";
const merge = "application/merge-patch+json";
const strategic = "application/strategic-merge-patch+json";
const apply = "application/apply-patch+yaml";

async function started() {
  const api = await startApi();
  await api.call("POST", machinesPath, { body: smallMachine });
  const patch = (type: string, body: string) =>
    api.call("PATCH", `${web}${type === apply ? "?fieldManager=me" : ""}`, {
      body,
      headers: { "content-type": type },
    });
  return { ...api, patch, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

t.test("no patch reaches a prototype", async (t) => {
  await using api = await started();
  const before = (await api.call("GET", web)).text;
  const bodies = ["__proto__", "constructor", "prototype"].flatMap((key) => [
    ...[merge, strategic, apply].map((type) => [type, `{"${key}":{"polluted":1}}`]),
    ...[merge, strategic, apply].map((type) => [type, `{"metadata":{"labels":{"${key}":"x"}}}`]),
    [apply, `${key}: {polluted: 1}\n`],
    [apply, `metadata:\n  annotations:\n    ${key}: x\n`],
    [merge, `{"metadata":{"managedFields":[{"fieldsV1":{"${key}":{}}}]}}`],
    [strategic, `{"spec":{"disks":[{"name":"a","${key}":{}}]}}`],
    [strategic, `{"$setElementOrder/${key}":[1]}`],
    [strategic, `{"$retainKeys":["${key}"],"${key}":{}}`],
    [json, `[{"op":"add","path":"/${key}/polluted","value":1}]`],
    [json, `[{"op":"add","path":"/metadata/labels/${key}","value":"x"}]`],
    [json, `[{"op":"add","path":"/metadata/labels","value":{"${key}":"x"}}]`],
    [json, `[{"op":"copy","from":"/${key}","path":"/x"}]`],
  ]);
  for (const [type = "", body = ""] of bodies) {
    const { code } = await api.patch(type, body);
    t.ok(code >= 400 && code < 500, `${type} ${body}: ${code}`);
  }
  t.equal(Reflect.get({}, "polluted"), undefined);
  t.equal((await api.call("GET", web)).text, before);
});

t.test("what is nested too deeply is refused in every form", async (t) => {
  await using api = await started();
  const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
  for (const type of [merge, strategic, apply]) t.equal((await api.patch(type, deep)).code, 400, type);
  t.equal((await api.patch(json, `[{"op":"add","path":"/x","value":${deep}}]`)).code, 400);
  const yaml = Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
  t.equal((await api.patch(apply, yaml)).code, 400);
  const uses = Array.from({ length: 30 }, (_, i) => `b${i}: [*a, *a]`);
  const aliases = ["a: &a [x, x]", ...uses].join("\n");
  t.equal((await api.patch(apply, aliases)).code, 400);
});

t.test("large patches are answered before anybody else has to wait", async (t) => {
  await using api = await started();
  const many = (count: number, item: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => item(i));
  const disks = many(30_000, (i) => `{"name":"d${i}","size":"1Gi"}`).join(",");
  const labels = many(80_000, (i) => `"l${i}":"x"`).join(",");
  const order = many(40_000, (i) => `{"name":"d${i}"}`).join(",");
  const entry = `{"manager":"m","operation":"Update","apiVersion":"ostler.dev/v1","fieldsType":"FieldsV1"`;
  const fields = many(60_000, (i) => `"f:x${i}":{}`).join(",");
  const adds = many(10_000, (i) => `{"op":"add","path":"/metadata/annotations/a${i}","value":"${i}"}`).join(
    ",",
  );
  const bodies: readonly (readonly [type: string, body: string])[] = [
    [apply, `{"spec":{"disks":[${disks}]}}`],
    [apply, `{"metadata":{"labels":{${labels}}}}`],
    [apply, `{"metadata":{"labels":{${many(19_000, (i) => `"l${i}":"x"`).join(",")}}}}`],
    [apply, `{"metadata":{"finalizers":[${many(80_000, (i) => `"f${i}"`).join(",")}]}}`],
    [strategic, `{"spec":{"disks":[${disks}]}}`],
    [strategic, `{"spec":{"$setElementOrder/disks":[${order}],"disks":[]}}`],
    [
      strategic,
      `{"metadata":{"$deleteFromPrimitiveList/finalizers":[${many(80_000, (i) => `"f${i}"`).join(",")}]}}`,
    ],
    [merge, `{"metadata":{"labels":{${labels}}}}`],
    [merge, `{"metadata":{"managedFields":[${entry},"fieldsV1":{"f:spec":{${fields}}}}]}}`],
    [
      json,
      `[{"op":"add","path":"/metadata/annotations","value":{}},${adds.slice(0, adds.lastIndexOf(",{"))}]`,
    ],
  ];
  for (const [type, body] of bodies) {
    const before = process.cpuUsage();
    const { code } = await api.patch(type, body);
    const { user } = process.cpuUsage(before);
    t.ok(code < 500, `${type} ${body.slice(0, 40)}: ${code}`);
    t.ok(user < 3_000_000, `${type} ${body.slice(0, 40)}: ${Math.round(user / 1000)} ms`);
  }
});
