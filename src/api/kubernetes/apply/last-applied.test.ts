import t from "tap";
import type { Resource } from "../../../schema/meta.ts";
import { VirtualMachineKind } from "../../../schema/virtual-machine.ts";
import { fieldsAt } from "../../../testing/apply-fixture.ts";
import { withLastApplied, withoutOwnConflicts } from "./last-applied.ts";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";
const kind = VirtualMachineKind;

function machine(lastApplied: string, spec: object): Resource {
  const metadata = { name: "web", annotations: { [annotation]: lastApplied } };
  return Object.assign({ apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata }, { spec });
}

const owner = {
  manager: "kubectl-client-side-apply",
  operation: "Update",
  apiVersion: "v1",
  subresource: undefined,
} as const;
const conflicts = [{ owner, fields: fieldsAt("spec.cpus", "spec.memory") ?? {} }];
const applied = JSON.stringify({ metadata: { name: "web" }, spec: { cpus: 1, memory: "1Gi" } });

t.test("kubectl takes over what it applied on the client's side, unless it was changed since", async (t) => {
  const left = (spec: object, manager = "kubectl", text = applied) =>
    withoutOwnConflicts(conflicts, { kind, live: machine(text, spec), manager });
  t.same(left({ cpus: 1, memory: "1Gi", runStrategy: "Always" }), []);
  t.same(left({ cpus: 2, memory: "1Gi" }), [{ owner, fields: fieldsAt("spec.cpus") }]);
  t.equal(left({ cpus: 1, memory: "1Gi" }, "somebody"), conflicts, "only kubectl");
  for (const text of ["", "{", "[]", '{"__proto__": {}}'])
    t.equal(left({ cpus: 1 }, "kubectl", text), conflicts);
});

t.test("the annotation is kept true where it is, by kubectl alone", async (t) => {
  const metadata = { name: "web", annotations: { [annotation]: applied, other: "x" } };
  const body = { spec: { cpus: 3 } };
  t.same(withLastApplied(metadata, body, "kubectl").annotations, {
    [annotation]: '{"spec":{"cpus":3}}\n',
    other: "x",
  });
  t.equal(withLastApplied(metadata, body, "somebody"), metadata);
  const without = { name: "web", annotations: { other: "x" } };
  t.equal(withLastApplied(without, body, "kubectl"), without);
  const long = { text: "x".repeat(300_000) };
  t.same(withLastApplied(metadata, long, "kubectl").annotations, { other: "x" }, "or goes if it is too long");
});
