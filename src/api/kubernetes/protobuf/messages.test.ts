import t from "tap";
import { apiVersionOf } from "../../../schema/kind.ts";
import { isRecord } from "../../../schema/plain.ts";
import { ScaleKind } from "../../../schema/scale.ts";
import { kinds } from "../../../schema/scheme.ts";
import { viewKinds } from "../view-store.ts";
import type { FieldType, Message } from "./message.ts";
import { messageFor, messages } from "./messages.ts";
import { deleteOptions } from "./meta-messages.ts";

t.test("what is served under Kubernetes' own names can be sent as its clients send it", async (t) => {
  const served = [...kinds, ...viewKinds, ScaleKind];
  const borrowed = served.filter(({ group }) => !group.endsWith("ostler.dev"));
  const sent = borrowed.filter(({ readOnly = false }) => !readOnly);
  for (const kind of sent) t.ok(messageFor(apiVersionOf(kind), kind.kind), kind.kind);
  t.equal(messages.size, sent.length, "and nothing else can");
  t.equal(messageFor("ostler.dev/v1", "VirtualMachine"), undefined);
  t.equal(messageFor("ostler.dev/v1", "DeleteOptions"), deleteOptions);
});

t.test("every field of a served kind can be told, and no name stands twice in a message", async (t) => {
  for (const kind of kinds) {
    const found = messages.get(`${apiVersionOf(kind)} ${kind.kind}`);
    const { properties } = isRecord(kind.schema) ? kind.schema : {};
    if (found === undefined || !isRecord(properties)) continue;
    const names = [...found.fields.values()].map(([name]) => name);
    t.strictSame([...new Set(names)], names);
    const missing = Object.keys(properties).filter(
      (name) => !["apiVersion", "kind", ...names].includes(name),
    );
    t.strictSame(missing, [], kind.kind);
  }
});

t.test("messages end: none holds itself", async (t) => {
  for (const [name, found] of messages) t.ok(depthOf(found) < 8, name);
});

function depthOf({ fields }: Message): number {
  return 1 + Math.max(0, ...[...fields.values()].map(([, type]) => depthOfType(type)));
}

function depthOfType(type: FieldType): number {
  if (typeof type === "string") return 0;
  if ("fields" in type) return depthOf(type);
  if ("first" in type) return depthOfType(type.first);
  return depthOfType("list" in type ? type.list : type.map);
}
