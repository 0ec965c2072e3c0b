import t from "tap";
import { EventKind } from "../../schema/event.ts";
import type { Kind } from "../../schema/kind.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import { parseSelector } from "./selectors.ts";

const machine = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: {
    name: "web",
    namespace: "default",
    labels: { app: "web", "example.org/tier": "front", empty: "", rack: "4" },
  },
  spec: { runStrategy: "Always", cpus: 2 },
};

function matches(labels: string | null, fields: string | null = null, kind: Kind = VirtualMachineKind) {
  return parseSelector(kind, labels, fields)?.matches(machine);
}

t.test("label selectors are read as Kubernetes does", async (t) => {
  const cases: readonly (readonly [selector: string, matched: boolean])[] = [
    ["app=web", true],
    ["app==web", true],
    ["app = web", true],
    ["app!=web", false],
    ["other!=web", true],
    ["app", true],
    ["!app", false],
    ["!other", true],
    ["other", false],
    ["empty=", true],
    ["example.org/tier in (front, back)", true],
    ["example.org/tier notin (front,back),app", false],
    ["other notin (a)", true],
    ["other in (a)", false],
    ["empty in ()", true],
    ["app=web,example.org/tier=front", true],
    ["app=web,example.org/tier=back", false],
    ["toString", false],
    ["rack > 3", true],
    ["rack>4", false],
    ["rack<5", true],
    ["app<5", false],
    ["other>1", false],
  ];
  for (const [selector, matched] of cases) t.equal(matches(selector), matched, selector);
});

t.test("a label selector that is not one is a bad request", async (t) => {
  for (const selector of [
    "a=b=c",
    "=x",
    "a in b",
    "a in (b",
    "a>b",
    "a=-b",
    "a in (-b)",
    "a b",
    "a=%",
    "x".repeat(3000),
  ]) {
    throwsWith(t, () => matches(selector), "BadRequest");
  }
});

t.test("what a kind declares can be selected by", async (t) => {
  t.equal(matches(null, "metadata.name=web"), true);
  t.equal(matches(null, "metadata.name!=web"), false);
  t.equal(matches(null, "metadata.namespace==default,spec.runStrategy=Always"), true);
  t.equal(matches(null, "spec.runStrategy!=Always"), false);
  t.equal(matches(null, "status.hostName="), true, "what is absent equals nothing");
  t.equal(matches(null, "involvedObject.uid=x,source=ostler", EventKind), false);
});

t.test("other fields are refused by name", async (t) => {
  for (const field of [
    "spec.nothing=1",
    "spec.cpus=2",
    "source=ostler",
    "spec=1",
    "spec.disks=1",
    "metadata.labels.app=web",
    "__proto__.x=1",
  ]) {
    throwsWith(t, () => matches(null, field), "BadRequest", "field label not supported");
  }
  throwsWith(t, () => matches(null, "metadata.name"), "BadRequest");
});

t.test("a selector by name alone is stable, one by anything else is not", async (t) => {
  const stable = (labels: string | null, fields: string | null) =>
    parseSelector(VirtualMachineKind, labels, fields)?.stable;
  t.equal(stable(null, "metadata.name=web,metadata.namespace=default"), true);
  t.equal(stable(null, "metadata.name=web,status.hostName=a"), false);
  t.equal(stable("app", "metadata.name=web"), false);
});

t.test("nothing asked selects everything", async (t) => {
  t.equal(parseSelector(VirtualMachineKind, "", null), undefined);
});
