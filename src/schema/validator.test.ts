import { Ajv2020 } from "ajv/dist/2020.js";
import t from "tap";
import { isRecord } from "./plain.ts";
import { kinds } from "./scheme.ts";
import { conforms, explain } from "./validator.ts";
import { VirtualMachineKind } from "./virtual-machine.ts";

t.test("the schema of every kind is pinned", async (t) => {
  for (const kind of kinds) t.matchSnapshot(JSON.stringify(kind.schema, null, 1), kind.kind);
});

t.test("the schema of every kind is a valid JSON Schema 2020-12", async (t) => {
  const ajv = new Ajv2020({ strict: true });
  for (const kind of kinds) t.ok(ajv.validateSchema(kind.schema), kind.kind);
});

t.test("every object is closed, every text and list has a limit", async (t) => {
  for (const kind of kinds) {
    for (const problem of looseEnds(kind.schema, kind.kind)) t.fail(problem);
  }
});

function looseEnds(schema: unknown, path: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => looseEnds(item, `${path}/${index}`));
  if (!isRecord(schema)) return [];
  const found = Object.entries(schema)
    .filter(([key]) => key !== "default" && key !== "examples")
    .flatMap(([key, value]) => looseEnds(value, `${path}/${key}`));
  if (schema.type === "object" && schema.additionalProperties !== false) found.push(`${path}: open`);
  if (schema.type === "array" && schema.maxItems === undefined) found.push(`${path}: endless`);
  if (schema.type === "string" && !isBoundText(schema)) found.push(`${path}: text without limit`);
  return found;
}

/** By being one text only, by a length, or by an anchored pattern that repeats nothing without limit. */
function isBoundText(schema: Record<string, unknown>): boolean {
  const { maxLength, pattern } = schema;
  if (maxLength !== undefined || schema.const !== undefined) return true;
  return typeof pattern === "string" && /^\^.*\$$/.test(pattern) && !/[^\\][*+]|\{\d+,\}/.test(pattern);
}

function machine(spec: unknown, metadata: unknown = { name: "web" }): unknown {
  return { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata, spec };
}

const size = { cpus: 1, memory: "1Gi" };

const wrong: readonly [unknown, string, string][] = [
  [machine({ ...size, memery: "1" }), "spec.memery", 'unknown field; did you mean "memory"?'],
  [machine({ ...size, disks: [{ name: "a", zzz: 1 }] }), "spec.disks[0].zzz", "unknown field; known: name, "],
  [machine({ ...size, memory: 4096 }), "spec.memory", "must be a string (such as "],
  [machine({ ...size, memory: 4096 }), "spec.memory", ", is 4096; write it in quotes"],
  [machine({ ...size, memory: "4 GB" }), "spec.memory", 'is "4 GB"'],
  [machine({ ...size, cpus: null }), "spec.cpus", "must be a whole number, is empty"],
  [machine({ ...size, cpus: 1.5 }), "spec.cpus", "must be a whole number, is 1.5"],
  [machine({ ...size, cpus: 0 }), "spec.cpus", "must be at least 1, is 0"],
  [machine({ ...size, cpus: 1000 }), "spec.cpus", "must be at most 512, is 1000"],
  [machine({ ...size, cpus: "2" }), "spec.cpus", 'must be a whole number, is "2"'],
  [machine({ ...size, disks: {} }), "spec.disks", "must be a list, is a mapping"],
  [machine({ ...size, runStrategy: "always" }), "spec.runStrategy", 'is "always"; did you mean "Always"?'],
  [machine({ ...size, runStrategy: true }), "spec.runStrategy", "must be one of Always, RerunOnFailure, "],
  [machine({ ...size, networks: [{}] }), "spec.networks[0].name", "required"],
  [machine(undefined), "spec", "required"],
  [machine(size, { name: `${"x".repeat(99)}!` }), "metadata.name", `is "${"x".repeat(40)}…"`],
  [machine(size, { name: "a", labels: { "-": "b" } }), 'metadata.labels["-"]', "not a valid key"],
  [machine(size, { name: "a", uid: "x".repeat(99) }), "metadata.uid", "at most 36 characters long, has 99"],
  [
    machine(size, { name: "a", creationTimestamp: 3 }),
    "metadata.creationTimestamp",
    "a string or null, is 3",
  ],
  [
    machine(size, { name: "a", finalizers: Array(33).fill("x") }),
    "metadata.finalizers",
    "at most 32 entries",
  ],
];

t.test("each problem is told with its path, what is wanted and what is there", async (t) => {
  for (const [value, field, message] of wrong) {
    t.notOk(conforms(VirtualMachineKind, value));
    const causes = explain(VirtualMachineKind, value);
    t.equal(causes.length, 1, JSON.stringify(causes));
    t.equal(causes[0]?.field, field);
    t.ok(causes[0]?.message.includes(message), `${causes[0]?.message} says ${message}`);
  }
});

t.test("every problem of a small object is told at once, one for each field", async (t) => {
  const value = machine({ memory: 1, memery: 1, bogus: 2, disks: [{ name: "_" }, { nme: "a" }] });
  t.notOk(conforms(VirtualMachineKind, value));
  t.strictSame(
    explain(VirtualMachineKind, value).map((cause) => cause.field),
    [
      "spec.memery",
      "spec.bogus",
      "spec.memory",
      "spec.disks[0].name",
      "spec.disks[1].name",
      "spec.disks[1].nme",
    ],
  );
});

t.test("of a huge object only the first problem is told", async (t) => {
  const value = machine({ ...size, disks: Array(20_000).fill({ wrong: 1 }) });
  t.notOk(conforms(VirtualMachineKind, value));
  t.equal(explain(VirtualMachineKind, value).length, 1);
});

t.test("nothing is coerced", async (t) => {
  for (const cpus of ["2", true, [2]]) t.notOk(conforms(VirtualMachineKind, machine({ ...size, cpus })));
});

t.test("what conforms has nothing to explain", async (t) => {
  t.strictSame(explain(VirtualMachineKind, machine(size)), []);
});
